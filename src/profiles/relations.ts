import { AssayError } from '../base/errors.js';
import { Correlation } from '../analyzers/correlation.js';
import type { Ask, Bind } from '../analyzers/contract.js';
import { BOOLEAN, isNumeric, type Field } from '../data/types.js';
import type { Bound } from '../expression/bound.js';
import { comoments, type Comoments } from '../states/comoments.js';
import type { Fold, GroupView } from '../states/contract.js';
import { groups } from '../states/groups.js';
import type { Questions } from './answers.js';
import type { CorrelationMatrix, Missingness } from './profile.js';

const MOST_CORRELATED = 100;
const MOST_PATTERNS = 100_000;
const MOST_MISSING = 200;

const columnOf = ({ name, type }: Field): Bound => ({ kind: 'column', name, type });

/** Asks for the correlations of all pairs of numeric columns; returns how to read the answers. */
export function askCorrelations(fields: readonly Field[], bind: Bind, questions: Questions): () => CorrelationMatrix {
  const numeric = fields.filter((f) => isNumeric(f.type));
  if (numeric.length > MOST_CORRELATED) {
    throw tooMany(`${numeric.length} numeric columns are too many for a matrix of all pairs`);
  }
  const pairs: { i: number; j: number; ask: Ask<Comoments> }[] = [];
  numeric.forEach((a, i) => numeric.slice(i + 1).forEach((b, d) => {
    pairs.push({ i, j: i + 1 + d, ask: questions.ask(bind.state(comoments, { inputs: [columnOf(a), columnOf(b)] })) });
  }));
  return () => {
    const values = numeric.map((_, i) => numeric.map((__, j) => (i === j ? 1 : NaN)));
    for (const { i, j, ask } of pairs) {
      const value: unknown = Correlation.spec.answer!({ both: questions.get(ask) }, {});
      values[i]![j] = values[j]![i] = typeof value === 'number' ? value : NaN;
    }
    return { columns: numeric.map((f) => f.name), values };
  };
}

interface Patterns {
  readonly found: { readonly missing: readonly number[]; readonly count: number }[];
}

/** Asks which columns lack a value together; returns how to read the answer. */
export function askMissingness(
  fields: readonly Field[], bind: Bind, questions: Questions,
): (rows: number) => Missingness {
  if (fields.length > MOST_MISSING) {
    throw tooMany(`${fields.length} columns are too many for combinations of missing values`);
  }
  const inputs = fields.map((f) => bind.call('isnull', [columnOf(f)], BOOLEAN));
  const options = { limit: MOST_PATTERNS };
  const ask = questions.ask(bind.fold(groups, patternsOf(fields.length), { inputs, options }));
  return (rows) => {
    const { found } = questions.get(ask);
    const patterns = [...found].sort((a, b) => b.count - a.count || a.missing.length - b.missing.length)
      .map(({ missing, count }) => ({ missing: missing.map((c) => fields[c]!.name), count, ratio: count / rows }));
    return { columns: fields.map((f) => f.name), patterns, distinct: patterns.length };
  };
}

function tooMany(what: string): AssayError {
  return new AssayError('INVALID_ARGUMENT', `${what}; choose some by restrictToColumns([…])`);
}

function patternsOf(columns: number): Fold<Patterns> {
  return {
    name: `missing-of-${columns}`,
    needs: 'keys',
    empty: () => ({ found: [] }),
    add(result, view: GroupView) {
      for (let i = 0; i < view.size; ++i) {
        const missing: number[] = [];
        for (let c = 0; c < columns; ++c) if (view.key(i, c) === true) missing.push(c);
        result.found.push({ missing, count: view.count(i) });
      }
      return result;
    },
  };
}
