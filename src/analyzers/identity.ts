import { javaDouble } from '../base/number-text.js';

const identities = new WeakMap<object, number>();
let next = 0;

/** The canonical text of a parameter's value, equal for equal ones; functions and tables equal only themselves. */
export function identityText(value: unknown): string {
  if (typeof value === 'number') return javaDouble(value);
  if (value === null || typeof value === 'string' || typeof value === 'boolean') return JSON.stringify(value);
  if (Array.isArray(value)) return `[${value.map(identityText).join(',')}]`;
  if (typeof value === 'object' && isPlain(value)) {
    const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
    return `{${entries.map(([k, v]) => `${JSON.stringify(k)}:${identityText(v)}`).join(',')}}`;
  }
  let id = identities.get(value as object);
  if (id === undefined) identities.set(value as object, (id = ++next));
  return `#${id}`;
}

function isPlain(value: object): boolean {
  return Object.getPrototypeOf(value) === Object.prototype;
}
