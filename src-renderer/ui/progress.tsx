import type { ReactNode } from 'react';
import { ProgressBar as AriaProgressBar } from 'react-aria-components';
import { classes } from './classes';

/** A bar for 0 to 1, or for work whose length is unknown (null). A screen reader is told its label and value. */
export function ProgressBar({
  label,
  fraction,
  state = 'running',
  valueText,
}: {
  readonly label: string;
  readonly fraction: number | null;
  readonly state?: 'running' | 'done' | 'failed';
  readonly valueText?: string;
}): ReactNode {
  return (
    <AriaProgressBar
      aria-label={label}
      isIndeterminate={fraction === null}
      value={(fraction ?? 0) * 100}
      {...(valueText === undefined ? {} : { valueLabel: valueText })}
    >
      <div className={classes('ui-progress', fraction === null && 'unknown', state)}>
        <div className="fill" style={fraction === null ? {} : { width: `${fraction * 100}%` }} />
      </div>
    </AriaProgressBar>
  );
}
