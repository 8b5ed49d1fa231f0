// Random, so that no text of the data is taken for a marked number.
const BIG = `\u0000${Math.random().toString(36).slice(2)}:`;

/**
 * One line of JSON as a value. Whole numbers beyond 2^53 that fit 64 bits are bigints; JSON.parse alone would
 * round them.
 * Throws a SyntaxError for what is no JSON.
 */
export function parseJsonLine(line: string): unknown {
  return /\d{16}/.test(line) ? JSON.parse(marked(line), restore) : JSON.parse(line);
}

/** The text with its long whole numbers as marked strings. */
function marked(line: string): string {
  return line.replace(/"(?:[^"\\]|\\.)*"|-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?/g, (token) => {
    if (token.startsWith('"') || !/^-?(?:0|[1-9]\d{15,18})$/.test(token)) return token;
    const value = BigInt(token);
    return Number.isSafeInteger(Number(token)) || BigInt.asIntN(64, value) !== value ?
      token :
      JSON.stringify(BIG + token);
  });
}

function restore(_key: string, value: unknown): unknown {
  return typeof value === 'string' && value.startsWith(BIG) ? BigInt(value.slice(BIG.length)) : value;
}

/** A value as JSON text, bigints as whole numbers. */
export function jsonText(value: unknown): string {
  if (typeof value === 'bigint') return String(value);
  if (Array.isArray(value)) return `[${value.map(jsonText).join(',')}]`;
  if (typeof value === 'object' && value !== null) {
    return `{${Object.entries(value).map(([key, item]) => `${JSON.stringify(key)}:${jsonText(item)}`).join(',')}}`;
  }
  return JSON.stringify(value);
}
