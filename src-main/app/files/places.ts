import type { Output } from '../../../src-shared/rpc/declare';
import type { files } from '../../../src-shared/contract/files';
import { pathFacts } from '../../platform/pathFacts';
import { personFolders } from '../../platform/personFolders';
import { listVolumes } from '../../platform/volumes';
import type { PathRules } from './pathRules';

type Place = Output<typeof files.members.places>[number];

export interface PlacesOptions {
  readonly rules: PathRules;
  readonly home: string;
  /** The practice bench's folder; shown when it is there. */
  readonly practiceFolder: () => string;
  /** Folders that hold files of the library, the last used first. */
  readonly recentFolders: () => Promise<readonly string[]>;
}

const RECENT = 8;

/** Where a person looks first: own folders, volumes, the practice bench, folders that were used of late. */
export async function listPlaces({
  rules,
  home,
  practiceFolder,
  recentFolders,
}: PlacesOptions): Promise<Place[]> {
  const [own, volumes, practice, recent] = await Promise.all([
    personFolders(home),
    listVolumes(),
    ifDirectory(practiceFolder()),
    recentFolders(),
  ]);
  const places: Place[] = [];
  const add = (kind: Place['kind'], path: string | undefined, name = path && rules.name(path)): void => {
    if (path !== undefined && name !== undefined) places.push({ name, path, kind, free: null, size: null });
  };
  add('home', own.home);
  add('desktop', own.desktop);
  add('documents', own.documents);
  add('downloads', own.downloads);
  for (const volume of volumes) places.push({ ...volume, kind: 'volume' });
  add('practice', practice);
  const known = new Set(places.map(({ path }) => rules.key(path)));
  const there = await Promise.all(recent.slice(0, 4 * RECENT).map(ifDirectory));
  for (const path of there
    .filter((folder) => folder !== undefined && !known.has(rules.key(folder)))
    .slice(0, RECENT)) {
    add('recent', path);
  }
  return places;
}

async function ifDirectory(path: string): Promise<string | undefined> {
  return (await pathFacts(path)).kind === 'directory' ? path : undefined;
}
