import { textTable } from '../base/text-table.js';
import { readableNumber } from '../metrics/text.js';
import type { Facet, OpenSource } from '../data/source.js';
import { printBound } from '../expression/unbind.js';
import type { Explanation } from './plan.js';
import type { Planned } from './planner.js';

/** Says what a planned run reads and computes, and where; `read`: the bytes that it has read. */
export function explainPlan(
  planned: Planned, source: OpenSource, threads: number, notes: readonly string[], read: number | null = null,
): Explanation {
  const { plan } = planned;
  const facets = new Map<string, Set<string>>();
  for (const demand of plan.demands) {
    for (const [name, wanted] of demand.wanted) {
      const known = facets.get(name) ?? new Set();
      wanted.forEach((f) => known.add(f));
      facets.set(name, known);
    }
  }
  const states = plan.requests.map(({ request, askedBy }) => ({
    state: request.state,
    over: request.inputs.map(printBound).join(', '),
    where: request.where && printBound(request.where),
    askedBy,
  }));
  const columns = source.schema.fields
    .filter((f) => facets.has(f.name))
    .map((f) => ({ name: f.name, facets: [...facets.get(f.name)!] }));
  const unread = source.splits.length - plan.jobs.length;
  const wanted = new Map([...facets].map(([name, of]) => [name, [...of] as Facet[]]));
  const all = [...notes, ...(source.notes?.(wanted) ?? [])];
  if (unread > 0) all.push(`${unread} of ${source.splits.length} splits are answered by what is known without reading them`);
  if (!source.replayable) all.push('the source can be read once only: a second question needs its data kept');
  const sizes = source.splits.map((split) => split.summary.bytes);
  const bytes = {
    planned: planned.bytes ?? null,
    of: sizes.every((size) => size !== undefined) ? sizes.reduce((sum, size) => sum + size, 0) : null,
    read,
  };
  const explanation = { states, columns, splits: source.splits.length, threads, bytes, notes: all };
  return Object.freeze({ ...explanation, toString: () => render(explanation) });
}

const STATES = [{ head: 'state' }, { head: 'over', widest: 60 }, { head: 'where', widest: 60 }, { head: 'asked by', align: 'right' }] as const;
const COLUMNS = [{ head: 'column' }, { head: 'facets' }] as const;

function render(e: Omit<Explanation, 'toString'>): string {
  const where = e.threads === 0 ? 'the calling thread' : `${e.threads} worker thread${e.threads === 1 ? '' : 's'}`;
  const lines = [
    `Reads ${count(e.columns.length, 'column')} of ${count(e.splits, 'split')} on ${where}.`, ...sizes(e.bytes), '',
  ];
  lines.push(textTable(STATES, e.states.map((s) => [s.state, s.over, s.where ?? '', String(s.askedBy)])));
  if (e.columns.length > 0) {
    lines.push('', textTable(COLUMNS, e.columns.map((c) => [c.name, c.facets.join(', ')])));
  }
  if (e.notes.length > 0) lines.push('', ...e.notes.map((n) => `- ${n}`));
  return lines.join('\n');
}

function sizes({ planned, of, read }: Explanation['bytes']): string[] {
  const whole = of === null ? '' : ` of ${readableNumber(of)}`;
  if (read !== null && (planned !== null || read > 0)) return [`Bytes read: ${readableNumber(read)}${whole}.`];
  return planned === null ? [] : [`Bytes to read: at most ${readableNumber(planned)}${whole}.`];
}

function count(n: number, noun: string): string {
  return `${n} ${noun}${n === 1 ? '' : 's'}`;
}
