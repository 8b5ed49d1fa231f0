import { describe, expect, it } from 'vitest';
import { Check, VerificationSuite, equals, type Check as CheckOf } from '../../src/index.js';
import type { Signature } from '../../src/checks/signatures.js';
import { signatures } from '../../src/checks/signatures.js';
import { samples } from './samples.js';

const table = [
  { n: 1, t: 'a', list: [1], when: new Date(0) }, { n: 2.5, t: 'b', list: [2], when: new Date(1) },
  { n: -3, t: 'c', list: null, when: null }, { n: 4, t: null, list: [], when: new Date(2) },
];
const columns = { n: 'n', t: 't' };
const signatureOf = (method: string) => (signatures as Readonly<Record<string, Signature | null>>)[method]!;
// Those that compare with a history or a baseline have tests of their own.
const methods = (Object.entries(samples) as [keyof typeof samples, (typeof samples)[keyof typeof samples]][])
  .filter(([method]) => signatureOf(method) !== null);

/** Methods that a column of lists is good enough for. */
const takesLists = new Set([
  'hasColumn', 'hasHistogramValues', 'hasNumberOfDistinctValues', 'areComplete', 'haveCompleteness', 'areAnyComplete',
  'haveAnyCompleteness', 'hasApproxCountDistinct', 'isLessThan', 'isLessThanOrEqualTo', 'isGreaterThan', 'isGreaterThanOrEqualTo',
]);

const boom = () => { throw new Error('boom'); };

/** A method's sample with something in it broken; null: it has no such place. */
type Break = (method: string, c: CheckOf) => CheckOf | null;

/** The constraint of a sample made once more with other arguments. */
function changed(method: string, change: (param: { name: string; kind: string }, value: unknown) => unknown, options?: object): Break {
  return (_, c) => {
    const { call } = samples[method as keyof typeof samples](c, columns).constraints.at(-1) as { call: { params: Record<string, unknown> } };
    const { params, options: own } = signatureOf(method);
    const args = params.map((p) => change(p, p.name in call.params ? call.params[p.name] : undefined));
    const kept = Object.fromEntries(own.flatMap((name) => (name in call.params ? [[name, call.params[name]]] : [])));
    return (c as unknown as Record<string, (...args: unknown[]) => CheckOf>)[method]!(...args, { ...kept, ...options });
  };
}
const kinds = (method: string) => signatureOf(method).params.map((p) => p.kind);

const breaks: Readonly<Record<string, Break>> = {
  'a column that is not there': (method, c) => {
    const reads = kinds(method).some((k) => ['column', 'columns', 'names'].includes(k));
    if (!reads || method === 'hasColumn') return null;
    return samples[method as keyof typeof samples](c, { n: 'nope', t: 'nope either' });
  },
  'a column of another type': (method, c) => {
    if (takesLists.has(method) || !kinds(method).some((k) => ['column', 'columns', 'names'].includes(k))) return null;
    return samples[method as keyof typeof samples](c, { n: 'list', t: 'list' });
  },
  'a filter that does not parse': (method, c) =>
    (signatureOf(method).options.includes('where') ? changed(method, (_, v) => v, { where: 'n > (' })(method, c) : null),
  'a filter on a column that is not there': (method, c) =>
    (signatureOf(method).options.includes('where') ? changed(method, (_, v) => v, { where: 'nope = 1' })(method, c) : null),
  'a filter that is no condition': (method, c) =>
    (signatureOf(method).options.includes('where') ? changed(method, (_, v) => v, { where: 'n + 1' })(method, c) : null),
  'an assertion that throws': (method, c) => {
    if (!signatureOf(method).params.some((p) => p.name === 'assertion')) return null;
    return changed(method, (p, v) => (p.name === 'assertion' ? boom : v))(method, c);
  },
  'an assertion that answers neither yes nor no': (method, c) => {
    if (!signatureOf(method).params.some((p) => p.name === 'assertion')) return null;
    return changed(method, (p, v) => (p.name === 'assertion' ? () => undefined : v))(method, c);
  },
  'a threshold that throws': (method, c) => {
    if (!signatureOf(method).params.some((p) => p.name === 'assertion')) return null;
    return changed(method, (p, v) => (p.name === 'assertion' ? { error: boom, warn: equals(1) } : v))(method, c);
  },
  'a text that is no SQL': (method, c) => {
    if (!kinds(method).includes('text') || method === 'hasDataType') return null;
    return changed(method, (p, v) => (p.name === 'predicate' || p.name === 'sql' ? 'SELECT FROM (' : v))(method, c);
  },
  'a pattern that is no regex': (method, c) => {
    if (!kinds(method).includes('pattern')) return null;
    return changed(method, (p, v) => (p.kind === 'pattern' ? '(' : v))(method, c);
  },
  'a quantile out of range': (method, c) => {
    if (!kinds(method).includes('number')) return null;
    return changed(method, (p, v) => (p.kind === 'number' ? 1.5 : v))(method, c);
  },
  'a table that is not there': (method, c) => {
    if (!kinds(method).includes('dataset')) return null;
    return changed(method, (p, v) => (p.kind === 'dataset' ? 'nowhere' : v))(method, c);
  },
  'parameters out of range': (method, c) => {
    const wrong = { maxBins: 5000, kllParameters: { numberOfBuckets: 500 } };
    const option = Object.keys(wrong).find((name) => signatureOf(method).options.includes(name as never));
    return option ? changed(method, (_, v) => v, { [option]: wrong[option as keyof typeof wrong] })(method, c) : null;
  },
};

const run = async (check: CheckOf) => (await VerificationSuite().onData(table, { name: 'sample' })
  .withSource('other', table.map(({ n, t }) => ({ n, t }))).addCheck(check).run({ threads: 0 })).results[0]!.constraintResults;

/** What holds of the neighbours, whatever is broken beside them. */
const neighbours = (c: CheckOf) => methods.reduce((d, [, sample]) => sample(d, columns), c);
const said = (results: Awaited<ReturnType<typeof run>>) => results.map((r) => [r.constraint.name, r.outcome, r.value]);

describe('one broken constraint among many', () => {
  it('every method can be judged while nothing is broken', async () => {
    const results = await run(neighbours(Check('Error', 'c')));
    expect(results.filter((r) => r.outcome === 'error').map((r) => [r.constraint.name, r.message])).toEqual([]);
    expect(results).toHaveLength(methods.length);
  });

  it.each(Object.entries(breaks))('leaves the others right: %s', async (_, broken) => {
    const expected = said(await run(neighbours(Check('Error', 'c'))));
    let check = Check('Error', 'c');
    const wrong: number[] = [];
    methods.forEach(([method, sample]) => {
      const made = broken(method, check);
      if (made) {
        wrong.push(check.constraints.length);
        check = made;
      }
      check = sample(check, columns);
    });
    expect(wrong.length).toBeGreaterThan(0);
    const results = await run(check);
    const odd = wrong.map((i) => results[i]!).filter((r) => r.outcome !== 'error' || r.status !== 'Failure' || !r.message);
    expect(odd.map((r) => [r.constraint.name, r.outcome, r.value])).toEqual([]);
    expect(said(results.filter((_r, i) => !wrong.includes(i)))).toEqual(expected);
  });

  it.each(methods)('alone in its run, it is an error too: %s', async (method) => {
    for (const [what, broken] of Object.entries(breaks)) {
      const made = broken(method, Check('Error', 'c'));
      if (!made) continue;
      const [result] = await run(made);
      expect([what, result!.outcome, result!.status]).toEqual([what, 'error', 'Failure']);
    }
  });
});

describe('a suite of thousands', () => {
  it('of constraints on one table works', async () => {
    const rows = Array.from({ length: 500 }, (_, i) => ({ id: i, x: i / 3, shop: `s${i % 7}` }));
    let check = Check('Error', 'many');
    for (let i = 0; i < 2000; ++i) {
      switch (i % 5) {
        case 0: check = check.hasMin('x', (v) => v >= -i); break;
        case 1: check = check.satisfies(`id >= ${i}`, `p${i}`, (v) => v === Math.max(0, 500 - i) / 500); break;
        case 2: check = check.isComplete('shop').where(`id <> ${i}`); break;
        case 3: check = check.hasSize((n) => n === (i < 500 ? 1 : 0)).where(`id = ${i}`); break;
        default: check = check.isContainedIn('shop', [`s${i % 7}`], (v) => v < 0.2); break;
      }
    }
    const { results, status } = await VerificationSuite().onData(rows).addCheck(check).run({ threads: 0 });
    const outcomes = results[0]!.constraintResults.map((r) => r.outcome);
    expect(outcomes.filter((o) => o !== 'passed' && o !== 'vacuous')).toEqual([]);
    expect([outcomes.length, outcomes.filter((o) => o === 'vacuous').length, status]).toEqual([2000, 300, 'Success']);
  });
});
