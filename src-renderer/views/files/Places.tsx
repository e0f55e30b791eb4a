import {
  Clock,
  Download,
  FileText,
  GraduationCap,
  HardDrive,
  House,
  Monitor,
  type LucideIcon,
} from 'lucide-react';
import { useEffect, useState, type ReactNode } from 'react';
import type { files } from '../../../src-shared/contract/files';
import type { Output } from '../../../src-shared/rpc/declare';
import { api } from '../../api/api';
import { formatBytes } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import { describeError } from '../../ui/errors';

type Place = Output<typeof files.members.places>[number];

const icons: Readonly<Record<Place['kind'], LucideIcon>> = {
  home: House,
  desktop: Monitor,
  documents: FileText,
  downloads: Download,
  volume: HardDrive,
  practice: GraduationCap,
  recent: Clock,
};

/** Own folders, volumes with their free space, the practice bench and folders used of late. */
export function Places({
  current,
  onGo,
}: {
  readonly current: string;
  readonly onGo: (path: string) => void;
}): ReactNode {
  const t = useText();
  const [places, setPlaces] = useState<readonly Place[]>([]);
  const [error, setError] = useState<unknown>();
  useEffect(() => {
    const request = new AbortController();
    const ended = (): boolean => request.signal.aborted;
    api.files.places({}, { signal: request.signal }).then(
      (found) => {
        if (!ended()) setPlaces(found);
      },
      (fault: unknown) => {
        if (!ended()) setError(fault);
      },
    );
    return () => request.abort();
  }, []);
  const groups = [
    { name: t('files.places'), kinds: ['home', 'desktop', 'documents', 'downloads', 'practice'] },
    { name: t('files.volumes'), kinds: ['volume'] },
    { name: t('files.recent'), kinds: ['recent'] },
  ];
  return (
    <nav className="files-places scroll" aria-label={t('files.places')}>
      {error !== undefined && <p className="ui-hint">{describeError(error, t).message}</p>}
      {groups.map(({ name, kinds }) => {
        const members = places.filter(({ kind }) => kinds.includes(kind));
        if (members.length === 0) return null;
        return (
          <section key={name} aria-label={name}>
            <h3 className="ui-hint">{name}</h3>
            <ul>
              {members.map((place) => (
                <li key={`${place.kind} ${place.path}`}>
                  <PlaceButton place={place} isCurrent={place.path === current} onGo={onGo} />
                </li>
              ))}
            </ul>
          </section>
        );
      })}
    </nav>
  );
}

function PlaceButton({
  place,
  isCurrent,
  onGo,
}: {
  readonly place: Place;
  readonly isCurrent: boolean;
  readonly onGo: (path: string) => void;
}): ReactNode {
  const t = useText();
  const Icon = icons[place.kind];
  const { free, size } = place;
  const space =
    free === null
      ? undefined
      : size === null
        ? t('files.freeShort', { free: formatBytes(free) })
        : t('files.free', { free: formatBytes(free), size: formatBytes(size) });
  return (
    <button
      type="button"
      className="files-place"
      title={place.path}
      aria-current={isCurrent ? 'location' : undefined}
      onClick={() => onGo(place.path)}
    >
      <Icon className="ui-icon" aria-hidden />
      <span className="grow">
        <span className="files-cut">{placeName(place, t)}</span>
        {space !== undefined && <span className="ui-hint files-cut">{space}</span>}
      </span>
    </button>
  );
}

function placeName({ kind, name }: Place, t: Translate): string {
  return kind === 'volume' || kind === 'recent' ? name : t(`files.place.${kind}`);
}
