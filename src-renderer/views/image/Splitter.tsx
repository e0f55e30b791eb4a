import { useRef, type KeyboardEvent, type PointerEvent, type ReactNode } from 'react';
import { rootFontSize } from '../../ui/dataTable';

/** A line between two panes that is dragged or moved by the arrow keys. Sizes in rem. */
export function Splitter({
  label,
  value,
  minimum,
  maximum,
  onChange,
}: {
  readonly label: string;
  readonly value: number;
  readonly minimum: number;
  readonly maximum: number;
  readonly onChange: (value: number) => void;
}): ReactNode {
  const start = useRef<{ y: number; value: number }>(undefined);
  const clamp = (next: number): number => Math.min(maximum, Math.max(minimum, next));
  const onKeyDown = (event: KeyboardEvent): void => {
    const next = { ArrowUp: value - 1, ArrowDown: value + 1, Home: minimum, End: maximum }[event.key];
    if (next === undefined) return;
    event.preventDefault();
    onChange(clamp(next));
  };
  const onPointerDown = (event: PointerEvent<HTMLDivElement>): void => {
    event.currentTarget.setPointerCapture(event.pointerId);
    start.current = { y: event.clientY, value };
  };
  const onPointerMove = (event: PointerEvent): void => {
    if (start.current === undefined) return;
    onChange(clamp(start.current.value + (event.clientY - start.current.y) / rootFontSize()));
  };
  const end = (): void => {
    start.current = undefined;
  };
  return (
    <div
      className="image-splitter"
      role="separator"
      aria-orientation="horizontal"
      aria-label={label}
      aria-valuenow={Math.round(value)}
      aria-valuemin={minimum}
      aria-valuemax={maximum}
      tabIndex={0}
      onKeyDown={onKeyDown}
      onPointerDown={onPointerDown}
      onPointerMove={onPointerMove}
      onPointerUp={end}
      onPointerCancel={end}
    />
  );
}
