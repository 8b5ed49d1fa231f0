const BLOCKS = '▁▂▃▄▅▆▇█';

/** A series as a line of blocks, and a line to be put below it. */
export interface Sparkline {
  /** From the least value ▁ to the greatest █; `·`: there is none. */
  readonly line: string;
  /** `▲` below what is marked, `·` elsewhere; null: nothing is. */
  readonly marks: string | null;
}

/**
 * A series for a terminal, one character a value; a longer series is cut into as many parts as there are characters, each
 * of which shows its mean, or the first of its marked values.
 *
 * @param values null and NaN: there is none
 * @param marked whether the value at a place is marked
 * @param width the most characters; default 60
 */
export function sparkline(values: readonly (number | null)[], marked: (index: number) => boolean = () => false, width = 60): Sparkline {
  const parts = Math.max(0, Math.min(values.length, Math.floor(width)));
  const shown: number[] = [];
  let marks = '';
  for (let part = 0; part < parts; ++part) {
    const from = Math.floor((part * values.length) / parts);
    const to = Math.floor(((part + 1) * values.length) / parts);
    const places = values.slice(from, to).map((_, i) => from + i);
    const odd = places.find(marked);
    const numbers = (odd === undefined ? places : [odd]).map((i) => values[i] ?? NaN).filter((x) => !Number.isNaN(x));
    shown.push(numbers.length === 0 ? NaN : numbers.reduce((mean, x) => mean + x / numbers.length, 0));
    marks += odd === undefined ? '·' : '▲';
  }
  const finite = shown.filter(Number.isFinite);
  const least = finite.reduce((a, b) => Math.min(a, b), Infinity);
  const most = finite.reduce((a, b) => Math.max(a, b), -Infinity);
  const line = shown.map((x) => (Number.isNaN(x) ? '·' : BLOCKS[height(x, least, most)]!)).join('');
  return Object.freeze({ line, marks: marks.includes('▲') ? marks : null });
}

/** Of eight heights; the middle one if all values are the same. */
function height(x: number, least: number, most: number): number {
  if (x >= most && x <= least) return 3;
  if (!Number.isFinite(x)) return x > 0 ? 7 : 0;
  const range = most - least;
  // Of a range that is wider than doubles are, halves; of others not, as the halves of the least doubles are the same.
  const part = Number.isFinite(range) ? (x - least) / range : (x / 2 - least / 2) / (most / 2 - least / 2);
  return Math.min(7, Math.floor(8 * part));
}
