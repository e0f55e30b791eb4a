import { Eye, X } from 'lucide-react';
import { useCallback, type ReactNode } from 'react';
import { api } from '../../../api/api';
import { formatBytes, formatCount, formatTime } from '../../../i18n/format';
import { useText, type Translate } from '../../../i18n/translate';
import { withSession } from '../../../stores/session';
import { Button, IconButton } from '../../../ui/button';
import { ErrorNotice } from '../../../ui/errorNotice';
import { CopyButton, Facts } from '../../../ui/pieces';
import type { EntryFacts, StreamRow } from '../types';
import { useRequest } from '../useRequest';
import { attributeWords, kindWords, modeWords, reparseWords, shownName } from './attributes';

/** Everything that the image keeps of one entry. */
export function EntryDetails({
  image,
  path,
  revision,
  onPath,
  onPreview,
  onClose,
}: {
  readonly image: number;
  readonly path: string;
  readonly revision: string;
  readonly onPath: (path: string) => void;
  readonly onPreview: (path: string) => void;
  readonly onClose: () => void;
}): ReactNode {
  const t = useText();
  const ask = useCallback(
    ({ signal }: { signal: AbortSignal }) =>
      withSession((session) => api.browse.entry({ session, image, path }, { signal })),
    [image, path],
  );
  const { value: facts, error, loading } = useRequest(ask, revision);
  return (
    <aside className="image-details" aria-label={t('image.details')} aria-busy={loading}>
      <header>
        <h2>{shownName(path, t)}</h2>
        {facts?.path === path && facts.kind === 'file' && (
          <Button kind="quiet" icon={Eye} onPress={() => onPreview(path)}>
            {t('image.preview')}
          </Button>
        )}
        <IconButton label={t('image.details.hide')} icon={X} onPress={onClose} />
      </header>
      <div className="scroll stack" tabIndex={0} role="group" aria-label={t('image.details')}>
        {error !== undefined && <ErrorNotice error={error} />}
        {facts?.path === path && <AllFacts facts={facts} onPath={onPath} />}
      </div>
    </aside>
  );
}

function AllFacts({
  facts,
  onPath,
}: {
  readonly facts: EntryFacts;
  readonly onPath: (path: string) => void;
}): ReactNode {
  const t = useText();
  const general: [string, ReactNode][] = [
    [t('image.fact.kind'), kindWords(facts, t)],
    ...(facts.kind === 'directory'
      ? ([[t('image.fact.contains'), t('image.entries', { count: facts.children })]] as [string, ReactNode][])
      : ([[t('image.column.size'), sizeWords(facts.size)]] as [string, ReactNode][])),
    [t('image.column.attributes'), attributeWords(facts.attributes, t)],
    [t('image.fact.created'), formatTime(facts.created)],
    [t('image.column.modified'), formatTime(facts.modified)],
    [t('image.fact.accessed'), formatTime(facts.accessed)],
  ];
  if (facts.shortName !== '') general.push([t('image.fact.shortName'), facts.shortName]);
  if (facts.reparseTag !== null) general.push([t('image.fact.reparse'), reparseWords(facts.reparseTag, t)]);
  if (facts.reparseTarget !== null) general.push([t('image.fact.target'), facts.reparseTarget]);
  if (facts.objectId !== null) general.push([t('image.fact.objectId'), facts.objectId]);
  if (facts.extendedAttributes > 0) {
    general.push([t('image.fact.extended'), formatCount(facts.extendedAttributes)]);
  }
  return (
    <>
      <Facts facts={general} />
      {facts.streams.length > 0 && <Streams facts={facts} />}
      <section>
        <h3>{t('image.security')}</h3>
        {facts.sddl === null ? (
          <p className="soft">{t('image.security.none')}</p>
        ) : (
          <>
            {facts.owner !== null && <Facts facts={[[t('image.fact.owner'), facts.owner]]} />}
            <div className="row-flex image-sddl">
              <code>{facts.sddl}</code>
              <CopyButton text={facts.sddl} />
            </div>
          </>
        )}
      </section>
      {facts.linkCount > 1 && (
        <section>
          <h3>{t('image.links', { count: facts.linkCount })}</h3>
          <ul className="image-lines">
            {facts.otherNames.map((other) => (
              <li key={other}>
                <button type="button" className="image-link" onClick={() => onPath(other)}>
                  {other}
                </button>
              </li>
            ))}
            {facts.linkCount - 1 > facts.otherNames.length && (
              <li className="soft">
                {t('common.moreItems', { count: facts.linkCount - 1 - facts.otherNames.length })}
              </li>
            )}
          </ul>
        </section>
      )}
      {facts.unix !== null && (
        <section>
          <h3>{t('image.unix')}</h3>
          <Facts
            facts={[
              [t('image.unix.owner'), `${facts.unix.uid}:${facts.unix.gid}`],
              [t('image.unix.mode'), <code key="mode">{modeWords(facts.unix.mode)}</code>],
              ...(facts.unix.rdev === 0
                ? []
                : ([[t('image.unix.device'), formatCount(facts.unix.rdev)]] as [string, ReactNode][])),
            ]}
          />
        </section>
      )}
    </>
  );
}

function Streams({ facts }: { readonly facts: EntryFacts }): ReactNode {
  const t = useText();
  return (
    <section>
      <h3>{t('image.streams')}</h3>
      <ul className="image-streams">
        {facts.streams.map((stream) => (
          <li key={`${stream.kind} ${stream.name}`}>
            <div>
              {stream.kind === 'named' ? stream.name : t(`image.stream.${stream.kind}`)}
              <span className="soft">
                {' '}
                {storedWords(stream, t)}
                {stream.referenceCount !== null && stream.referenceCount > 1
                  ? `, ${t('image.stream.shared', { count: stream.referenceCount })}`
                  : ''}
              </span>
            </div>
            {stream.size > 0 && (
              <div className="row-flex image-sddl">
                <code>{stream.sha1}</code>
                <CopyButton text={stream.sha1} />
              </div>
            )}
          </li>
        ))}
      </ul>
    </section>
  );
}

/** Size, and what it takes in the file: with others where they are compressed together. */
function storedWords({ size, storedSize, compressed, solid }: StreamRow, t: Translate): string {
  if (solid !== null) {
    const figures = { all: formatBytes(solid.size), stored: formatBytes(solid.storedSize) };
    return t('image.stream.solid', { size: formatBytes(size), ...figures });
  }
  if (storedSize === null || !compressed) return formatBytes(size);
  return t('image.stream.stored', { size: formatBytes(size), stored: formatBytes(storedSize) });
}

function sizeWords(size: number): string {
  return size < 1024 ? formatBytes(size) : `${formatBytes(size)} (${formatCount(size)} B)`;
}
