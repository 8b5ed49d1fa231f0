/** Markup that is safe to put into a page: made by `html` alone. */
export interface Html {
  readonly markup: string;
}

const made = new WeakSet<object>();

/** What may stand in markup: texts are escaped, markup stays as it is, null and false are nothing. */
export type Content = string | number | Html | null | false | readonly Content[];

/** Markup from a template whose values are escaped, in text and in attributes in double quotes alike. */
export function html(parts: TemplateStringsArray, ...values: readonly Content[]): Html {
  const markup = parts.reduce((text, part, i) => text + escapedContent(values[i - 1]!) + part);
  return trusted(markup);
}

/** Text that the page itself brings, such as its style. */
export function trusted(markup: string): Html {
  const result = Object.freeze({ markup });
  made.add(result);
  return result;
}

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

function escapedContent(value: Content): string {
  if (value === null || value === false) return '';
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return escapedText(value);
  if (isList(value)) return value.map(escapedContent).join('');
  // A value that only looks like markup, e.g. one that came out of JSON, is none.
  if (!made.has(value)) throw new TypeError('not markup made by html`…`');
  return value.markup;
}

function isList(value: Html | readonly Content[]): value is readonly Content[] {
  return Array.isArray(value);
}

/** Control characters, which HTML has no way to write, become the sign for what cannot be shown. */
function escapedText(text: string): string {
  const shown = text.replace(/[\u0000-\u0008\u000b\u000e-\u001f\u007f\ud800-\udfff]/gu, '\ufffd');
  return shown.replace(/[&<>"']/g, (c) => ENTITIES[c]!);
}
