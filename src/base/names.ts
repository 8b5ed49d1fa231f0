/** A column parameter without its one pair of surrounding backticks, as Deequ strips them. */
export function stripBackticks(name: string): string {
  return name.length >= 2 && name.startsWith('`') && name.endsWith('`') ? name.slice(1, -1) : name;
}

/** A name in backticks, those inside doubled. */
export function quoteName(name: string): string {
  return `\`${name.replaceAll('`', '``')}\``;
}

/** The candidate nearest to a name by edit distance, if one is near enough to be what was meant. */
export function nearestName(name: string, candidates: Iterable<string>): string | null {
  let best: string | null = null;
  // A name with nothing in common is no hint: of one letter, only the other case is near.
  let least = Math.min(Math.max(1, Math.floor(name.length / 3)) + 1, Math.max(1, name.length));
  for (const c of candidates) {
    const d = editDistance(name.toLowerCase(), c.toLowerCase(), least);
    if (d < least) {
      least = d;
      best = c;
    }
  }
  return best;
}

/** Levenshtein distance with transpositions of neighbours, at most `limit`. */
function editDistance(a: string, b: string, limit: number): number {
  if (Math.abs(a.length - b.length) >= limit) return limit;
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; ++i) {
    const row = [i];
    for (let j = 1; j <= b.length; ++j) {
      let d = Math.min(previous[j]! + 1, row[j - 1]! + 1, previous[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1));
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) d = Math.min(d, before[j - 2]! + 1);
      row.push(d);
    }
    before = previous;
    previous = row;
  }
  return previous[b.length]!;
}
