import type { ReactNode } from 'react';
import { formatBytes } from '../../../i18n/format';
import { useText, type Translate } from '../../../i18n/translate';
import { classes } from '../../../ui/classes';
import '../disks.css';
import type { Segment } from './segments';
import { sharesOf } from './shares';

/** Least part of a bar that a partition is drawn with. */
export const LEAST_SHARE = 0.14;

/** The same where nothing is written into small ones. */
const LEAST_SLIM_SHARE = 0.06;

/** Least part of a slim bar that has room for a name. */
const NAMED_SHARE = 0.25;

/** A disk drawn to scale: one box for each partition, and for free room. */
export function DiskBar({
  label,
  segments,
  selected,
  slim = false,
}: {
  readonly label: string;
  readonly segments: readonly Segment[];
  /** Number of the partition that is marked. */
  readonly selected?: number | undefined;
  /** One line, for lists. */
  readonly slim?: boolean;
}): ReactNode {
  const t = useText();
  const shares = sharesOf(
    segments.map(({ bytes }) => bytes),
    slim ? LEAST_SLIM_SHARE : LEAST_SHARE,
  );
  return (
    <ol className={classes('disk-bar', slim && 'slim')} aria-label={label}>
      {segments.map((segment, i) => (
        <li
          key={segment.key}
          className={classes(
            ...segmentClasses(segment),
            selected !== undefined && segment.number === selected && 'selected',
          )}
          style={{ flexBasis: `${shares[i] * 100}%` }}
          title={segmentTitle(segment, t)}
        >
          {(!slim || shares[i] >= NAMED_SHARE) && <SegmentText segment={segment} />}
          {slim && shares[i] < NAMED_SHARE && (
            <span className="visually-hidden">{segmentTitle(segment, t)}</span>
          )}
          {segment.used !== undefined && (
            <span className="disk-used" aria-hidden>
              <span style={{ width: `${Math.min(100, (segment.used / segment.bytes) * 100)}%` }} />
            </span>
          )}
        </li>
      ))}
    </ol>
  );
}

/** What stands in the box of a segment. */
export function SegmentText({ segment }: { readonly segment: Segment }): ReactNode {
  const t = useText();
  const system = segment.fileSystem === undefined ? '' : t(`disks.fs.${segment.fileSystem}`);
  return (
    <>
      <span className="name">{segmentName(segment, t)}</span>
      <span className="facts">
        {formatBytes(segment.bytes)}
        {system !== '' && segment.fileSystem !== 'none' && ` ${system}`}
      </span>
    </>
  );
}

export function segmentClasses({ kind, role }: Segment): string[] {
  return ['disk-segment', kind, ...(role === undefined ? [] : [`role-${role}`])];
}

/** What a segment is called: its label, or what it is for. */
export function segmentName({ kind, label, role }: Segment, t: Translate): string {
  if (kind === 'free') return t('disks.free');
  if (kind === 'whole') return t('disks.noTable');
  if (label !== undefined && label !== '') return label;
  return t(`disks.role.${role ?? 'other'}`);
}

/** All of it in one line. */
export function segmentTitle(segment: Segment, t: Translate): string {
  const parts = [segmentName(segment, t)];
  if (segment.role !== undefined && segment.label !== undefined && segment.label !== '')
    parts.push(t(`disks.role.${segment.role}`));
  if (segment.fileSystem !== undefined) parts.push(t(`disks.fs.${segment.fileSystem}`));
  parts.push(formatBytes(segment.bytes));
  if (segment.used !== undefined) parts.push(t('disks.used', { size: formatBytes(segment.used) }));
  return parts.join(', ');
}
