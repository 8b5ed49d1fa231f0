/** A text as a literal of TypeScript, in the quotes that need fewer escapes; what readers cannot see is escaped. */
export function stringCode(text: string): string {
  const quote = text.includes("'") && !text.includes('"') ? '"' : "'";
  const inner = JSON.stringify(text).slice(1, -1).replaceAll('\\"', '"').replaceAll(quote, `\\${quote}`);
  const shown = inner.replace(/[\p{Cc}\p{Cf}\p{Co}\p{Cn}\u00a0\u2028\u2029]/gu, (c) => `\\u{${c.codePointAt(0)!.toString(16)}}`);
  return quote + shown + quote;
}

/** A value as a literal of TypeScript; `part` writes what lists and objects hold. Null: something in it has none. */
export function valueCode(value: unknown, part: (value: unknown) => string | null = valueCode): string | null {
  switch (typeof value) {
    case 'string': return stringCode(value);
    case 'number': return Object.is(value, -0) ? '-0' : String(value);
    case 'bigint': return `${value}n`;
    case 'boolean': return String(value);
    case 'object': break;
    default: return null;
  }
  if (value === null) return 'null';
  if (Array.isArray(value)) {
    const items = value.map((item) => part(item));
    return items.includes(null) ? null : `[${items.join(', ')}]`;
  }
  const fields = Object.entries(value).map(([key, v]) => [/^[A-Za-z_$][\w$]*$/.test(key) ? key : stringCode(key), part(v)] as const);
  return fields.some(([, code]) => code === null) ? null : `{ ${fields.map(([key, code]) => `${key}: ${code}`).join(', ')} }`;
}
