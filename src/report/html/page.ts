import { readableNumber } from '../../metrics/text.js';
import { durationText } from '../words.js';
import type { ReportHead, ReportRows } from '../model.js';
import { html, trusted, type Content, type Html } from './markup.js';
import { STYLE } from './style.js';

/** One page in one file: no scripts, nothing from a network. */
export function page(report: ReportHead, body: Content): string {
  const { title, table, rows, milliseconds, createdAt, tool } = report;
  const policy = "default-src 'none'; style-src 'unsafe-inline'";
  const facts = [table, rows !== null && `${readableNumber(rows)} rows`, milliseconds !== null && durationText(milliseconds)];
  const made = html`<!doctype html>
<html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1">
<meta http-equiv="Content-Security-Policy" content="${policy}"><meta name="referrer" content="no-referrer">
<title>${title}: ${table}</title><style>${trusted(STYLE)}</style></head>
<body><a class="skip" href="#content">Skip to the content</a><main id="content" tabindex="-1">
<header><h1>${title}</h1><p class="soft">${facts.filter(Boolean).join(' · ')}</p></header>
${body}
<footer>Made by ${tool.name} ${tool.version} at <time datetime="${createdAt}">${createdAt.slice(0, 16).replace('T', ' ')} UTC</time></footer>
</main></body></html>
`;
  return made.markup;
}

/** A column of a table. */
export interface Column {
  readonly head: string;
  readonly number?: boolean;
}

/** A table that scrolls by itself where it is too wide, also by keyboard; the first cell names its row. */
export function table(caption: string, columns: readonly Column[], rows: readonly (readonly Content[])[]): Html {
  const kind = (i: number) => (columns[i]!.number ? html` class="number"` : null);
  const cell = (value: Content, i: number) => (i === 0
    ? html`<th scope="row"${kind(i)}>${value}</th>` : html`<td${kind(i)}>${value}</td>`);
  return html`<div class="scroll" role="region" aria-label="${caption}" tabindex="0"><table>
<thead><tr>${columns.map((c, i) => html`<th scope="col"${kind(i)}>${c.head}</th>`)}</tr></thead>
<tbody>${rows.map((row) => html`<tr>${row.map(cell)}</tr>\n`)}</tbody></table></div>`;
}

/** Rows of a user's table. */
export function rowsTable(caption: string, { columns, rows, more }: ReportRows): Html {
  const cells = rows.map((row) => row.map((cell) => (cell === null ? html`<span class="null">null</span>` : cell)));
  return html`${table(caption, columns.map((head) => ({ head })), cells)}${more && html`<p class="soft">and more</p>`}`;
}
