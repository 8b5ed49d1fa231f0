/** A value as plain JSON: maps are lists of `{ key, … }`, special numbers are texts, and what is null is left out. */
export function plainJson(value: unknown): unknown {
  if (typeof value === 'number') return Number.isFinite(value) ? value : String(value);
  if (value instanceof Map) {
    return [...value].map(([key, v]) => (
      { key: String(key), ...(typeof v === 'object' ? (plainJson(v) as object) : { value: plainJson(v) }) }));
  }
  if (Array.isArray(value)) return value.map(plainJson);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).filter(([, v]) => v !== null).map(([k, v]) => [k, plainJson(v)]));
}
