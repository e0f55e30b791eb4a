/**
 * Compares versions of up to four numbers ('1.2.3.4'); missing ones are 0.
 *
 * @returns positive when `one` is the higher
 */
export function compareVersions(one: string, other: string): number {
  const left = one.split('.');
  const right = other.split('.');
  for (let index = 0; index < 4; index++) {
    const difference = numberOf(left[index]) - numberOf(right[index]);
    if (difference !== 0) return difference;
  }
  return 0;
}

function numberOf(text: string | undefined): number {
  const value = Number(text ?? 0);
  return Number.isFinite(value) ? value : 0;
}
