/** The text of an Option, as Scala prints it: `None` or `Some(x)`. */
export function scalaOption(text: string | null): string {
  return text === null ? 'None' : `Some(${text})`;
}

/** The text of a sequence, as Scala prints a List: `List(a, b)`. */
export function scalaList(items: readonly string[]): string {
  return `List(${items.join(', ')})`;
}

/** The text of a map, as Scala prints a small one: `Map(a -> b, c -> d)`. */
export function scalaMap(entries: Iterable<readonly [string, string]>): string {
  return `Map(${[...entries].map(([k, v]) => `${k} -> ${v}`).join(', ')})`;
}

/** The text of a case class: `Name(p1,p2)`. */
export function scalaCase(name: string, parts: readonly string[]): string {
  return `${name}(${parts.join(',')})`;
}

/** A number as Java's `%.nf` prints it: its shortest decimal digits, rounded half up. */
export function fixedDecimals(x: number, decimals: number): string {
  if (!Number.isFinite(x)) return String(x);
  const sign = x < 0 || Object.is(x, -0) ? '-' : '';
  const [mantissa, exponent = '0'] = String(Math.abs(x)).split('e') as [string, string?];
  const [whole, fraction = ''] = mantissa.split('.') as [string, string?];
  const scale = fraction.length - Number(exponent); // digits after the point, negative: zeros before it
  const digits = BigInt(whole + fraction);
  const drop = scale - decimals;
  const kept = drop <= 0 ? digits * 10n ** BigInt(-drop) : (digits * 2n + 10n ** BigInt(drop)) / (2n * 10n ** BigInt(drop));
  const text = kept.toString().padStart(decimals + 1, '0');
  return decimals === 0 ? sign + text : `${sign}${text.slice(0, -decimals)}.${text.slice(-decimals)}`;
}
