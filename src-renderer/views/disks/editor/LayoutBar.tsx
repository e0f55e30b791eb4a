import { Fragment, useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { formatBytes } from '../../../i18n/format';
import { useText } from '../../../i18n/translate';
import { classes } from '../../../ui/classes';
import { LEAST_SHARE, segmentClasses, segmentName, segmentTitle, SegmentText } from '../bar/DiskBar';
import { segmentsOfPlan } from '../bar/segments';
import { bytesPerShare, sharesOf } from '../bar/shares';
import { boundaryRange, keyStep, MB, moveBoundary, type DiskSpace, type Placed } from './layoutEdit';

/** What a drag began with. */
interface Drag {
  readonly index: number;
  readonly x: number;
  readonly placed: Placed;
  readonly bytesPerPixel: number;
}

/**
 * A disk as it will be, edited where it is drawn: boundaries are dragged or moved with the arrow keys, a partition is
 * chosen with a click and taken away with Delete.
 */
export function LayoutBar({
  placed,
  space,
  selected,
  onSelect,
  onChange,
  onRemove,
}: {
  readonly placed: Placed;
  readonly space: DiskSpace;
  readonly selected: number;
  readonly onSelect: (index: number) => void;
  readonly onChange: (placed: Placed) => void;
  readonly onRemove: (index: number) => void;
}): ReactNode {
  const t = useText();
  const bar = useRef<HTMLDivElement>(null);
  const drag = useRef<Drag>(null);
  const segments = segmentsOfPlan(placed.planned, space.size);
  const sizes = segments.map(({ bytes }) => bytes);
  const shares = sharesOf(sizes, LEAST_SHARE);

  const onPointerDown = (event: PointerEvent<HTMLElement>, index: number): void => {
    if (event.button !== 0) return;
    event.currentTarget.setPointerCapture(event.pointerId);
    const width = Math.max(1, bar.current?.clientWidth ?? 1);
    const bytesPerPixel = bytesPerShare(sizes, shares, LEAST_SHARE) / width;
    drag.current = { index, x: event.clientX, placed, bytesPerPixel };
  };
  const onPointerMove = (event: PointerEvent<HTMLElement>): void => {
    const begun = drag.current;
    if (begun === null) return;
    const delta = (event.clientX - begun.x) * begun.bytesPerPixel;
    onChange(moveBoundary(begun.placed, begun.index, delta, space));
  };
  const endDrag = (): void => {
    drag.current = null;
  };
  const onKeyDown = (event: KeyboardEvent, index: number): void => {
    const range = boundaryRange(placed, index, space);
    if (range === undefined) return;
    const step = event.shiftKey ? MB : keyStep(space.size);
    const delta = deltaOf(event.key, step, range);
    if (delta === undefined) return;
    event.preventDefault();
    onChange(moveBoundary(placed, index, delta, space));
  };

  return (
    <div className="disk-bar edited" ref={bar} role="group" aria-label={t('disks.asItWillBe')}>
      {segments.map((segment, i) => {
        const index = placed.planned.findIndex(({ number }) => number === segment.number);
        const style = { flexBasis: `${shares[i] * 100}%` };
        if (segment.kind !== 'partition' || index < 0) {
          return (
            <div key={segment.key} className={classes(...segmentClasses(segment))} style={style}>
              <SegmentText segment={segment} />
            </div>
          );
        }
        const range = boundaryRange(placed, index, space);
        const behind = placed.planned.at(index + 1);
        const name = segmentName(segment, t);
        return (
          <Fragment key={segment.key}>
            <button
              type="button"
              className={classes(...segmentClasses(segment), index === selected && 'selected')}
              style={style}
              aria-pressed={index === selected}
              title={segmentTitle(segment, t)}
              onClick={() => onSelect(index)}
              onKeyDown={(event) => {
                if (event.key !== 'Delete') return;
                event.preventDefault();
                onRemove(index);
              }}
            >
              <SegmentText segment={segment} />
            </button>
            {range !== undefined && (
              <div
                className="disk-handle"
                role="slider"
                tabIndex={0}
                aria-label={
                  behind === undefined
                    ? t('disks.endOf', { name })
                    : t('disks.boundary', {
                        before: name,
                        behind: behind.label ?? t(`disks.role.${behind.role}`),
                      })
                }
                aria-orientation="horizontal"
                aria-valuemin={Math.round(range.minimum / MB)}
                aria-valuemax={Math.round(range.maximum / MB)}
                aria-valuenow={Math.round(range.now / MB)}
                aria-valuetext={
                  behind === undefined
                    ? `${name} ${formatBytes(range.now)}`
                    : `${name} ${formatBytes(range.now)}, ${behind.label ?? t(`disks.role.${behind.role}`)} ${formatBytes(behind.bytes)}`
                }
                onPointerDown={(event) => onPointerDown(event, index)}
                onPointerMove={onPointerMove}
                onPointerUp={endDrag}
                onPointerCancel={endDrag}
                onKeyDown={(event) => onKeyDown(event, index)}
              />
            )}
          </Fragment>
        );
      })}
    </div>
  );
}

function deltaOf(
  key: string,
  step: number,
  { minimum, now, maximum }: { readonly minimum: number; readonly now: number; readonly maximum: number },
): number | undefined {
  switch (key) {
    case 'ArrowLeft':
    case 'ArrowDown':
      return -step;
    case 'ArrowRight':
    case 'ArrowUp':
      return step;
    case 'PageDown':
      return -10 * step;
    case 'PageUp':
      return 10 * step;
    case 'Home':
      return minimum - now;
    case 'End':
      return maximum - now;
    default:
      return undefined;
  }
}
