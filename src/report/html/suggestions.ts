import { readableNumber } from '../../metrics/text.js';
import type { ReportSuggestion, ReportTry, SuggestionReport } from '../model.js';
import { html, type Content, type Html } from './markup.js';
import { page, table } from './page.js';

/** The page of suggestions: how many hold, which do not, those of every column, then the module to copy. */
export function suggestionHtml(report: SuggestionReport): string {
  const { suggestions, testRows, module } = report;
  const tried = suggestions.some((s) => s.onData !== null);
  const tested = testRows !== null;
  const odd = suggestions.filter((s) => fell(s.onData) || fell(s.onTest));
  const columns = [...new Set(suggestions.map((s) => s.column))];
  const heads = [
    { head: 'column' }, { head: 'suggestion' }, ...(tried ? [{ head: 'on the data' }] : []), ...(tested ? [{ head: 'on the test' }] : []),
    { head: 'seen' }, { head: 'code' },
  ];
  const held = odd.length > 0 ? 'What held' : 'Suggestions';
  const cells = (s: ReportSuggestion): Content[] => [
    s.column, html`<span title="${s.ruleDescription}">${shortened(s.description, DESCRIPTION)}</span>`,
    ...(tried ? [outcome(s.onData)] : []), ...(tested ? [outcome(s.onTest)] : []), s.currentValue, code(s),
  ];
  return page(report, html`${summary(report, columns.length, odd.length, tried)}
${odd.length > 0 && html`<section><h2>What did not hold</h2><p class="soft">Left out of the checks below.</p>${
    table('What did not hold', heads, odd.map(cells))}</section>`}
<section><h2>${held}</h2>${table(held, heads, suggestions.filter((s) => !odd.includes(s)).map(cells))}</section>
<section><h2>Checks</h2><p class="soft">What held, as a module. Read it before you rely on it.</p><pre tabindex="0">${module}</pre></section>
${suggestions.some((s) => s.deequCode !== null) && html`<details><summary>The same for Deequ</summary><pre tabindex="0">${
    suggestions.flatMap((s) => (s.deequCode === null ? [] : [s.deequCode])).join('\n')}</pre></details>`}`);
}

/** So many characters of descriptions and of code are shown at once: ranges may have a hundred values. */
const DESCRIPTION = 120;
const CODE = 160;

function summary({ suggestions, testRows }: SuggestionReport, columns: number, odd: number, tried: boolean): Html {
  const held = suggestions.length - odd;
  const [kind, sign] = odd > 0 ? ['warning', '!'] : ['passed', '✓'];
  return html`<div class="verdict ${kind}" role="status"><span class="sign" aria-hidden="true">${sign}</span>
<span><strong>${count(suggestions.length, 'suggestion')} for ${count(columns, 'column')}</strong>${(tried || testRows !== null)
    && html`<br>${count(held, 'suggestion')} held wherever ${held === 1 ? 'it was' : 'they were'} tried${
      odd > 0 && `, ${count(odd, 'suggestion')} did not`}`}${testRows !== null
    && html`<br>tried on ${count(testRows, 'other row')}`}</span></div>`;
}

/** Whether it was tried and did not hold; what had nothing in scope says nothing. */
function fell(verdict: ReportTry | null): boolean {
  return verdict !== null && verdict.outcome !== 'passed' && verdict.outcome !== 'vacuous';
}

function code({ code: text }: ReportSuggestion): Html {
  if (text.length <= CODE) return html`<code>${text}</code>`;
  return html`<details class="long"><summary><code>${shortened(text, CODE)}</code></summary><code>${text}</code></details>`;
}

function shortened(text: string, most: number): string {
  const characters = [...text];
  return characters.length <= most ? text : `${characters.slice(0, most - 1).join('')}…`;
}

function outcome(verdict: ReportTry | null): Content {
  if (!verdict) return null;
  const share = typeof verdict.value === 'number' && verdict.value !== 1 && readableNumber(verdict.value);
  return html`<span class="badge ${verdict.outcome}">${verdict.outcome}</span>${share !== false && html`<br><small>${share}</small>`}`;
}

function count(n: number, what: string): string {
  return `${readableNumber(n)} ${what}${n === 1 ? '' : 's'}`;
}
