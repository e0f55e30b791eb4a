import { AppError } from '../../../../src-shared/errors/appError';
import type { DriversAddReport, InjectedPackage } from '../../../../src-shared/model/drivers';
import type { OfflineTree } from '../../offline/offlineTree';
import type { EngineHost } from '../../os';
import type { VerbContext } from '../../wim/ops/common';
import type { Dism, DismAddition, DismReadiness } from '../dism';
import type { ReadPackage } from '../packages/readDriversTask';
import { withLeftOut, type Addition } from './driversAdd';
import { editFingerprint } from './editFingerprint';
import { gatherPackages } from './packageFiles';

/** Whether DISM can put drivers into that Windows. */
export async function dismIsUsable(
  host: EngineHost,
  tree: OfflineTree,
  context: VerbContext,
): Promise<DismReadiness> {
  if (host.dism === undefined)
    return { usable: false, why: 'it is a part of Windows, and not on this machine' };
  if (tree.kind !== 'folder') {
    return { usable: false, why: `it needs a folder, and ${tree.label} is not one: mount or apply it first` };
  }
  return host.dism.readiness(context.signal);
}

/** Lets DISM install the packages: it copies them into the driver store of that Windows. */
export async function addByDism(addition: Addition): Promise<DriversAddReport> {
  const { host, request, place, windows, choice, warnings, context } = addition;
  const { dism } = host;
  if (dism === undefined) throw new AppError('internal/bug', 'DISM was chosen and is not there');
  const { tree } = place;
  const report = { place: tree.label, method: 'dism' as const, windows, changed: [], warnings };
  const infs = choice.chosen.map(({ package: { infSha256 } }) => infSha256);
  const fingerprint = editFingerprint(host.crypto, place, [], infs);
  if (request.dryRun === true) {
    const steps = choice.chosen.map(({ package: { name, inf } }) => `DISM installs ${name} from ${inf}`);
    const bytes = choice.chosen.reduce((sum, { package: { bytes: size } }) => sum + size, 0);
    const space = { spaceNeeded: bytes, spaceFree: host.files.freeSpace(place.workplace) };
    const packages = choice.chosen.map((one) => injected(addition, one, { outcome: 'installed' }));
    return {
      ...report,
      packages: withLeftOut(packages, choice),
      plan: { steps, warnings, ...space, fingerprint },
    };
  }
  if (request.fingerprint !== undefined && request.fingerprint !== fingerprint) {
    throw new AppError('plan/stale', `${tree.label} or the drivers were changed since the plan was made`);
  }
  const gathered = await gatherPackages(host, choice.chosen, place.workplace, false, context);
  try {
    const paths = gathered.inputs.map(({ files, package: { name } }) => {
      const inf = files.find(({ path }) => path === name);
      if (inf === undefined || !('source' in inf)) throw new AppError('internal/bug', `${name} has no file`);
      return inf.source;
    });
    const done = await install(dism, place.workplace, paths, request.forceFaulty === true, context);
    warnings.push(...done.warnings);
    const packages = choice.chosen.map((one, i) =>
      injected(addition, one, outcomeOf(paths[i], done.additions)),
    );
    return { ...report, packages: withLeftOut(packages, choice) };
  } finally {
    gathered.close();
  }
}

function install(
  dism: Dism,
  image: string,
  drivers: readonly string[],
  forceUnsigned: boolean,
  { signal, onProgress }: VerbContext,
): ReturnType<Dism['addDrivers']> {
  return dism.addDrivers(
    { image, drivers, ...(forceUnsigned ? { forceUnsigned: true } : {}) },
    {
      signal,
      onDriver: (done, total, inf) =>
        onProgress?.({
          phase: 'Installing drivers',
          filesDone: done,
          filesTotal: total,
          bytesDone: 0,
          bytesTotal: 0,
          currentPath: inf,
        }),
    },
  );
}

type Outcome = Pick<InjectedPackage, 'outcome' | 'place' | 'why'>;

/** What DISM did not name was not done. */
function outcomeOf(inf: string, additions: readonly DismAddition[]): Outcome {
  const found = additions.find((addition) => addition.inf.toLowerCase() === inf.toLowerCase());
  if (found === undefined) return { outcome: 'failed', why: 'DISM said nothing of it' };
  if (found.outcome === 'failed') return { outcome: 'failed', why: found.problem ?? 'DISM refused it' };
  return { outcome: 'installed', ...(found.published === undefined ? {} : { place: found.published }) };
}

function injected({ choice }: Addition, one: ReadPackage, outcome: Outcome): InjectedPackage {
  const devices = choice.serves.get(one.package.id);
  return { package: one.package, ...outcome, ...(devices === undefined ? {} : { devices }) };
}
