/** Longest word for which a meaning is guessed; longer ones are no misspelt words. */
const MAX_LENGTH = 40;

/**
 * The candidate that `word` is most likely a misspelling of: one slip in short words, two in longer ones, letter case
 * ignored. Undefined when none is that close.
 */
export function nearest(word: string, candidates: Iterable<string>): string | undefined {
  const given = word.toLowerCase();
  if (given.length < 2 || given.length > MAX_LENGTH) return undefined;
  let best: string | undefined;
  let bestSlips = given.length <= 4 ? 2 : 3;
  for (const candidate of candidates) {
    const slips = editDistance(given, candidate.toLowerCase());
    if (slips < bestSlips) {
      best = candidate;
      bestSlips = slips;
    }
  }
  return best;
}

/** `; did you mean X?`, or nothing. @param prefix stands before the word: "--", "/" */
export function suggestion(word: string, candidates: Iterable<string>, prefix = ''): string {
  const found = nearest(word, candidates);
  return found === undefined ? '' : `; did you mean ${prefix}${found}?`;
}

/** Letters to insert, remove, change, or swap with their neighbour, to make `other` of `one`. */
function editDistance(one: string, other: string): number {
  let beforeLast: number[] = [];
  let last = Array.from({ length: other.length + 1 }, (_, j) => j);
  for (let i = 1; i <= one.length; i++) {
    const row = [i];
    for (let j = 1; j <= other.length; j++) {
      const change = one[i - 1] === other[j - 1] ? 0 : 1;
      let cost = Math.min(last[j] + 1, row[j - 1] + 1, last[j - 1] + change);
      if (i > 1 && j > 1 && one[i - 1] === other[j - 2] && one[i - 2] === other[j - 1]) {
        cost = Math.min(cost, beforeLast[j - 2] + 1);
      }
      row.push(cost);
    }
    beforeLast = last;
    last = row;
  }
  return last[other.length];
}
