/** A text as Deequ writes it into Scala: in double quotes, with Java's escapes. */
export function scalaString(text: string): string {
  return `"${javaEscaped(text)}"`;
}

const NAMED: Readonly<Record<string, string>> = {
  '"': '\\"', '\\': '\\\\', '\n': '\\n', '\t': '\\t', '\b': '\\b', '\r': '\\r', '\f': '\\f',
};

function javaEscaped(text: string): string {
  return text.replace(/["\\\n\t\b\r\f]|[^\x20-\x7f]/g, (c) => NAMED[c] ?? `\\u${c.charCodeAt(0).toString(16).toUpperCase().padStart(4, '0')}`);
}

/** Texts between commas, as Deequ writes them into SQL: quotes are doubled. */
export function sqlTexts(texts: readonly string[]): string {
  return texts.map((text) => `'${text.replaceAll("'", "''")}'`).join(', ');
}
