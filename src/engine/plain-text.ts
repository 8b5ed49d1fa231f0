/** Marks a number that JSON does not have; no option has such a name. */
const SPECIAL = '\u0000number';

/** Plain data as JSON, with NaN, infinities and negative zero, which options may hold. */
export function plainText(plain: unknown): string {
  return JSON.stringify(plain, (_, value: unknown) => {
    if (typeof value !== 'number' || (Number.isFinite(value) && !Object.is(value, -0))) return value;
    return { [SPECIAL]: Object.is(value, -0) ? '-0' : String(value) };
  });
}

/** The plain data that `plainText` wrote. */
export function readPlain(text: string): unknown {
  return JSON.parse(text, (_, value: { [SPECIAL]?: string } | null) =>
    value !== null && typeof value === 'object' && SPECIAL in value ? Number(value[SPECIAL]) : value);
}
