import { readableNumber } from '../../metrics/text.js';
import type { ReportSuggestion, ReportTry, SuggestionReport } from '../model.js';
import { html, type Content, type Html } from './markup.js';
import { page, table } from './page.js';

/** The page of suggestions: how many hold, then those of every column, then the module to copy. */
export function suggestionHtml(report: SuggestionReport): string {
  const { suggestions, testRows, module } = report;
  const tried = suggestions.some((s) => s.onData !== null);
  const held = suggestions.filter((s) => s.onData?.outcome === 'passed' && (s.onTest === null || s.onTest.outcome === 'passed'));
  const columns = [...new Set(suggestions.map((s) => s.column))];
  return page(report, html`<div class="verdict passed"><span class="sign" aria-hidden="true">✓</span>
<span><strong>${count(suggestions.length, 'suggestion')} for ${count(columns.length, 'column')}</strong>${tried
    && html`<br>${count(held.length, 'suggestion')} held wherever ${held.length === 1 ? 'it was' : 'they were'} tried`}${testRows !== null
    && html`<br>${count(testRows, 'row')} held back to test them`}</span></div>
<section><h2>Suggestions</h2>${table('Suggestions', [
    { head: 'column' }, { head: 'suggestion' }, { head: 'seen' }, { head: 'code' },
    ...(tried ? [{ head: 'on the data' }] : []), ...(testRows === null ? [] : [{ head: 'on the test' }]),
  ], suggestions.map((s) => [
    s.column, html`<span title="${s.ruleDescription}">${s.description}</span>`, s.currentValue, code(s),
    ...(tried ? [outcome(s.onData)] : []), ...(testRows === null ? [] : [outcome(s.onTest)]),
  ]))}</section>
<section><h2>Checks</h2><p class="soft">What held, as a module. Read it before you rely on it.</p><pre tabindex="0">${module}</pre></section>
${suggestions.some((s) => s.deequCode !== null) && html`<details><summary>The same for Deequ</summary><pre tabindex="0">${
    suggestions.flatMap((s) => (s.deequCode === null ? [] : [s.deequCode])).join('\n')}</pre></details>`}`);
}

function code({ code: text }: ReportSuggestion): Html {
  return html`<code>${text}</code>`;
}

function outcome(verdict: ReportTry | null): Content {
  if (!verdict) return null;
  const share = typeof verdict.value === 'number' && verdict.value !== 1 && ` ${readableNumber(verdict.value)}`;
  return html`<span class="badge ${verdict.outcome}">${verdict.outcome}</span>${share}`;
}

function count(n: number, what: string): string {
  return `${readableNumber(n)} ${what}${n === 1 ? '' : 's'}`;
}
