import type { ReactNode } from 'react';
import { formatRate } from '../i18n/format';
import './throughputPlot.css';

const WIDTH = 240;
const HEIGHT = 40;

/** Bytes per second over a job's running time; the highest value is named. Drawn to the width of its place. */
export function ThroughputPlot({
  values,
  label,
}: {
  readonly values: readonly number[];
  readonly label: string;
}): ReactNode {
  const highest = Math.max(1, ...values);
  const step = WIDTH / Math.max(1, values.length - 1);
  const points = values.map(
    (value, i) => `${(i * step).toFixed(1)},${(HEIGHT - (value / highest) * (HEIGHT - 2) - 1).toFixed(1)}`,
  );
  return (
    <figure className="throughput-plot">
      <svg viewBox={`0 0 ${WIDTH} ${HEIGHT}`} preserveAspectRatio="none" role="img" aria-label={label}>
        {points.length > 1 && (
          <>
            <polygon points={`0,${HEIGHT} ${points.join(' ')} ${WIDTH},${HEIGHT}`} />
            <polyline points={points.join(' ')} />
          </>
        )}
      </svg>
      <figcaption>{points.length > 1 ? formatRate(highest) : ''}</figcaption>
    </figure>
  );
}
