/**
 * The number of a date for a reader: what can be milliseconds since 1970 after March 1973 as ISO, others as they are.
 */
export function dateText(date: number | bigint): string {
  const size = Math.abs(Number(date));
  if (typeof date === 'bigint' || !Number.isInteger(date) || size < 1e11 || size > 8.64e15) return String(date);
  return new Date(date).toISOString().replace(/(?:T00:00:00)?\.000Z$/, (end) => (end.startsWith('T') ? '' : 'Z'));
}
