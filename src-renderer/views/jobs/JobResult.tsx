import type { ReactNode } from 'react';
import type { WorkResult } from '../../../src-shared/contract/work';
import { formatBytes, formatCount } from '../../i18n/format';
import { useText, type Translate } from '../../i18n/translate';
import type { MessageKey } from '../../i18n/catalogue';
import { Facts, Notice, Section } from '../../ui/pieces';

/** Figures of a result, and the lists of what was excluded, not kept, changed or found damaged. */
export function JobResult({ result }: { readonly result: WorkResult }): ReactNode {
  const t = useText();
  const faults = result.faults?.total ?? 0;
  return (
    <>
      {result.verb === 'verify' && (
        <Notice tone={faults === 0 ? 'verified' : 'danger'}>
          {faults === 0 ? t('jobs.verified') : t('jobs.notVerified', { count: faults })}
        </Notice>
      )}
      <Facts facts={figures(result, t)} />
      <Remarks
        title={t('jobs.result.excluded')}
        total={result.excluded?.total}
        lines={result.excluded?.first.map(({ path, pattern }) => `${path} (${pattern})`)}
      />
      <Remarks title={t('jobs.result.notKept')} {...remarks(result.notKept)} />
      <Remarks title={t('jobs.result.changed')} {...remarks(result.changed)} />
      <Remarks title={t('jobs.result.damaged')} {...remarks(result.damaged)} />
      <Remarks title={t('jobs.result.faults')} {...remarks(result.faults)} />
      <Remarks
        title={t('jobs.result.parts')}
        total={result.parts?.length}
        lines={result.parts?.map(({ path, size }) => `${path}, ${formatBytes(size)}`)}
      />
      <Remarks
        title={t('jobs.result.warnings')}
        total={result.warnings.total}
        lines={result.warnings.first}
      />
    </>
  );
}

function figures(result: WorkResult, t: Translate): [string, ReactNode][] {
  const facts: [string, ReactNode][] = [];
  const add = (key: MessageKey, value: number | undefined, format: (value: number) => string): void => {
    if (value !== undefined) facts.push([t(key), format(value)]);
  };
  add('jobs.result.image', result.image, formatCount);
  add('jobs.result.files', result.files, formatCount);
  add('jobs.result.directories', result.directories, formatCount);
  add('jobs.result.bytes', result.bytes, formatBytes);
  add('jobs.result.size', result.size, formatBytes);
  add('jobs.result.stored', result.bytesStored, formatBytes);
  add('jobs.result.copied', result.bytesCopied, formatBytes);
  add('jobs.result.single', result.bytesSavedBySingleInstancing, formatBytes);
  add('jobs.result.compression', result.bytesSavedByCompression, formatBytes);
  add('jobs.result.reused', result.streamsReused, formatCount);
  add('jobs.result.blobs', result.blobs, formatCount);
  if (result.integrity !== undefined)
    facts.push([t('jobs.result.integrity'), t(`jobs.result.integrity.${result.integrity}`)]);
  return facts;
}

interface List {
  readonly total: number | undefined;
  readonly lines: readonly string[] | undefined;
}

function remarks(list: WorkResult['notKept']): List {
  return { total: list?.total, lines: list?.first.map(({ path, problem }) => `${path}: ${problem}`) };
}

function Remarks({ title, total = 0, lines = [] }: List & { readonly title: string }): ReactNode {
  const t = useText();
  if (total === 0) return null;
  return (
    <Section title={`${title} (${formatCount(total)})`}>
      <ul className="jobs-remarks">
        {lines.slice(0, 100).map((line, i) => (
          <li key={i}>{line}</li>
        ))}
      </ul>
      {total > 100 && <p className="soft">{t('common.moreItems', { count: total - 100 })}</p>}
    </Section>
  );
}
