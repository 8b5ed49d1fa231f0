import { describe, expect, it } from 'vitest';
import type { Bound } from '../../src/expression/bound.js';
import { Interner } from '../../src/engine/intern.js';
import { plainText } from '../../src/engine/plain-text.js';
import { planRun, readPlan } from '../../src/engine/planner.js';
import { bundled, type Reading } from '../../src/engine/readings.js';
import { ask, askFold, distinct, fakeSource, groups, isPositive, keys, knownRows, rows, sum, x } from './fakes.js';

const y: Bound = { ...x, name: 'y' } as Bound;
const not = (e: Bound): Bound => ({ kind: 'call', fn: 'not', args: [e], type: { kind: 'boolean' } });
const isNull = (e: Bound): Bound => ({ kind: 'call', fn: 'isnull', args: [e], type: { kind: 'boolean' } });
const copy = <T>(value: T): T => structuredClone(value);

describe('a plan', () => {
  it('is plain JSON: a round trip changes nothing, numbers that JSON has not included', () => {
    const odd = { ...ask(rows), request: { ...ask(rows).request, options: { edges: [-Infinity, -0, NaN, Infinity, 0.1] } } };
    const { plan } = planRun([odd, ask(sum, [x], isPositive), askFold(keys)], fakeSource([[[1]], [[2]]]), { verdicts: [not(isPositive)] });
    expect(readPlan(plainText(plan))).toEqual(plan);
    expect(Object.is((readPlan(plainText(plan)).requests[0]!.request.options as { edges: number[] }).edges[1], -0)).toBe(true);
  });

  it('shares equal expressions, after the round trip too', () => {
    const { plan } = planRun([ask(rows, [not(copy(isPositive))]), ask(rows, [x], copy(isPositive))], fakeSource([[[1]]]), { verdicts: [copy(isPositive)] });
    for (const p of [plan, readPlan(plainText(plan))]) {
      const negated = p.requests[0]!.request.inputs[0]!;
      if (negated.kind !== 'call') throw new Error('a call was planned');
      expect(negated.args[0]).toBe(p.requests[1]!.request.where);
      expect(p.verdicts[0]).toBe(negated.args[0]);
    }
  });

  it('reads keys of a table where some fold does', () => {
    const of = (...folds: (typeof distinct | typeof keys)[]) => planRun(folds.map((f) => askFold(f)), fakeSource([[[1]]])).plan.requests;
    expect(of(distinct).map((r) => r.needs)).toEqual(['counts']);
    expect(of(distinct, keys, distinct).map((r) => [r.needs, r.askedBy])).toEqual([['keys', 3]]);
  });

  it('wants the facets of the columns that are read, and no other column', () => {
    const { plan } = planRun([ask(rows, [isNull(y)]), ask(sum)], fakeSource([[[1]]]));
    expect(plan.demands).toMatchObject([{ requests: [0, 1], verdicts: '', wanted: [['y', ['presence']], ['x', ['values']]] }]);
  });

  it('has readings of the columns that no request reads together; rows without columns count in the first', () => {
    const z: Bound = { ...x, name: 'z' } as Bound;
    const asks = [ask(rows, []), ask(rows, [not(isNull(y))]), ask(sum), ask(rows, [z]), ask(sum, [x], isNull(z))];
    const { plan } = planRun(asks, fakeSource([[[1]]]));
    expect(plan.demands[0]!.readings).toEqual([
      { requests: [0, 1], wanted: [['y', ['presence']]] },
      { requests: [2, 3, 4], wanted: [['x', ['values']], ['z', ['values']]] },
    ]);
  });

  it('has one reading where rows are seen as a whole', () => {
    const asks = [ask(rows, [y]), ask(sum)];
    for (const whole of [{ verdicts: [isPositive] }, { observer: { reads: [], look: () => {} } }]) {
      expect(planRun(asks, fakeSource([[[1]]]), whole).plan.demands[0]!.readings).toHaveLength(1);
    }
  });

  it('has one reading without columns', () => {
    const { plan } = planRun([ask(rows, [])], fakeSource([[[1]]]));
    expect(plan.demands[0]!.readings).toEqual([{ requests: [0], wanted: [] }]);
  });

  it('reads columns together that are small together, the largest first', () => {
    const reading = (r: number, name: string): Reading => ({ requests: [r], wanted: [[name, ['values']]] });
    const sizes: Readonly<Record<string, number>> = { a: 1, b: 80, c: 6, d: 4, e: 3 };
    const bundles = bundled(Object.keys(sizes).map((name, r) => reading(r, name)), (r) => sizes[r.wanted[0]![0]]! * 2 ** 18);
    expect(bundles.map((b) => [b.requests, b.wanted.map(([name]) => name).join('')])).toEqual([[[1], 'b'], [[2], 'c'], [[3, 4, 0], 'dea']]);
  });

  it('tells specs of one name apart', () => {
    const other = { ...rows };
    expect(planRun([ask(rows), ask(other)], fakeSource([[[1]]])).plan.requests).toHaveLength(2);
    const table = { ...groups };
    expect(planRun([askFold(distinct), askFold(distinct, table)], fakeSource([[[1]]])).plan.requests).toHaveLength(2);
  });

  it('has one demand for splits that want the same', () => {
    const source = fakeSource([[[1]], [[2]], [[3]]], { summaries: (i) => (i === 1 ? { rows: 1 } : {}) });
    const { plan, summaries } = planRun([ask(knownRows), ask(sum)], source);
    expect(plan.demands.map((d) => d.requests)).toEqual([[0, 1], [1]]);
    expect(plan.jobs).toEqual([{ split: 0, demand: 0 }, { split: 1, demand: 1 }, { split: 2, demand: 0 }]);
    expect(summaries).toEqual([{ request: 0, state: { n: 1 } }]);
  });
});

describe('interning', () => {
  it('gives equal expressions one object', () => {
    const interner = new Interner();
    expect(interner.bound(not(isPositive))).toBe(interner.bound(not(copy(isPositive))));
    expect(interner.id(x)).not.toBe(interner.id(y));
    expect(interner.id({ kind: 'literal', type: { kind: 'string' }, value: '1' })).not.toBe(interner.id({ kind: 'literal', type: { kind: 'string' }, value: null }));
  });

  it('takes time in proportion to the expression, however deep it is', () => {
    let e = isPositive;
    for (let i = 0; i < 200; ++i) e = not(e);
    const interner = new Interner();
    expect(interner.id(e)).toBe(interner.id(copy(e)));
  });
});
