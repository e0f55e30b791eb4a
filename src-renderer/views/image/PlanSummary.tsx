import type { ReactNode } from 'react';
import type { Erasure, Plan } from '../../../src-shared/contract/work';
import { formatBytes } from '../../i18n/format';
import { useText } from '../../i18n/translate';
import { baseName } from '../../stores/workNames';
import { Facts, Notice } from '../../ui/pieces';

/** Steps and warnings that are read at a glance; the others are a line that says how many. */
const SHOWN = 8;

/** A plan in words: what is done, what is taken away, what room it needs. */
export function PlanSummary({ plan }: { readonly plan: Plan }): ReactNode {
  const t = useText();
  const short = plan.spaceNeeded !== null && plan.spaceFree !== null && plan.spaceNeeded > plan.spaceFree;
  const facts: [string, ReactNode][] = [];
  if (plan.files !== undefined) {
    facts.push([
      t('image.plan.amount'),
      [
        t('common.files', { count: plan.files }),
        t('common.folders', { count: plan.directories ?? 0 }),
        formatBytes(plan.bytes ?? 0),
      ].join(', '),
    ]);
  }
  if (plan.spaceNeeded !== null && plan.spaceNeeded > 0) {
    facts.push([t('image.plan.needed'), t('image.plan.upTo', { size: formatBytes(plan.spaceNeeded) })]);
  }
  if (plan.spaceFree !== null) facts.push([t('image.plan.free'), formatBytes(plan.spaceFree)]);
  return (
    <section className="image-plan stack" aria-label={t('image.plan.title')}>
      <h3>{t('image.plan.title')}</h3>
      <Some items={plan.steps} total={plan.steps.length} />
      {facts.length > 0 && <Facts facts={facts} />}
      {plan.erases.map((erasure) =>
        erasure.name === undefined ? (
          <Notice key={`${erasure.what} ${erasure.path} ${erasure.found.first[0] ?? ''}`} tone="danger">
            <ErasureWords erasure={erasure} />
          </Notice>
        ) : null,
      )}
      <ErasedOnDisk erases={plan.erases} />
      {plan.warnings.total > 0 && (
        <Notice tone={short ? 'danger' : 'decision'}>
          <Some items={plan.warnings.first} total={plan.warnings.total} />
        </Notice>
      )}
    </section>
  );
}

/** Partitions of a disk, or a disk without any: all of them go, so they are said together. */
function ErasedOnDisk({ erases }: { readonly erases: readonly Erasure[] }): ReactNode {
  const t = useText();
  const named = erases.filter(({ name }) => name !== undefined);
  if (named.length === 0) return null;
  return (
    <Notice tone="danger">
      <strong>{t('disks.erasedOn', { name: baseName(named[0].path) })}</strong>
      <ul className="image-lines">
        {named.map(({ name, found }) => (
          <li key={name}>
            {name}
            {found.total > 0 && <span className="soft">: {found.first.slice(0, SHOWN).join(', ')}</span>}
          </li>
        ))}
      </ul>
    </Notice>
  );
}

function ErasureWords({ erasure }: { readonly erasure: Erasure }): ReactNode {
  const t = useText();
  const { what, path, bytes, found } = erasure;
  const values = {
    name: baseName(path),
    path,
    size: formatBytes(bytes),
    count: found.total,
    image: found.first[0] ?? '',
  };
  return (
    <>
      <strong>{t(`image.erase.${what === 'partition' || what === 'disk' ? 'file' : what}`, values)}</strong>
      {what !== 'image' && found.total > 0 && <Some items={found.first} total={found.total} />}
    </>
  );
}

/** The host's sentences name sizes in bytes; here they get the unit that suits them. */
function withUnits(sentence: string): string {
  return sentence.replace(/\b(\d{4,16}) bytes\b/g, (_, digits: string) => formatBytes(Number(digits)));
}

function Some({ items, total }: { readonly items: readonly string[]; readonly total: number }): ReactNode {
  const t = useText();
  const shown = items.slice(0, SHOWN);
  return (
    <ul className="image-lines">
      {shown.map((item, i) => (
        <li key={i}>{withUnits(item)}</li>
      ))}
      {total > shown.length && (
        <li className="soft">{t('common.moreItems', { count: total - shown.length })}</li>
      )}
    </ul>
  );
}
