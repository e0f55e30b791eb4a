import type { ReactNode } from 'react';
import { useText, type Translate } from '../../../i18n/translate';
import { compressionWays, type CompressionWay } from '../../../stores/compression';
import { Select } from '../../../ui/fields';

/** A choice of the ways to compress, with what the unusual ones cost. */
export function CompressionSelect<W extends CompressionWay | 'keep'>({
  value,
  onChange,
  ways,
}: {
  readonly value: W;
  readonly onChange: (way: W) => void;
  readonly ways: readonly W[];
}): ReactNode {
  const t = useText();
  return (
    <Select<W>
      label={t('image.export.compression')}
      value={value}
      onChange={onChange}
      options={ways.map((way) => ({ value: way, label: wayWords(way, t) }))}
      hint={compressionHint(value, t)}
    />
  );
}

function wayWords(way: CompressionWay | 'keep', t: Translate): string {
  return way === 'keep' ? t('image.export.keep') : t(`compression.${way}`);
}

/** What somebody should know of a way before choosing it; undefined where there is nothing. */
function compressionHint(way: CompressionWay | 'keep', t: Translate): string | undefined {
  return way === 'lzms' || way === 'solid' ? t(`compression.${way}Hint`) : undefined;
}

/** Ways in which each file is compressed by itself, as the parts of a set need it. */
export const waysApart = compressionWays.filter((way) => way !== 'solid');
