import { describe, expect, it } from 'vitest';
import {
  Check, Completeness, Compliance, CustomSql, Maximum, Minimum, VerificationSuite, areAnalyzersApplicableToData, atLeast,
  isCheckApplicableToData,
} from '../../src/index.js';
import { decimal, type Schema } from '../../src/data/types.js';

const field = (name: string, type: Schema['fields'][number]['type']) => ({ name, type, nullable: true });
const schema: Schema = {
  fields: [
    field('stringCol', { kind: 'string' }), field('floatCol', { kind: 'float' }), field('booleanCol', { kind: 'boolean' }),
    field('d38', decimal(38, 18)), field('d5', decimal(5, 2)), field('d8', decimal(8, 4)), field('when', { kind: 'date' }),
    field('raw', { kind: 'binary' }), field('list', { kind: 'array', element: { kind: 'int' }, containsNull: true }),
  ],
};
const check = Check('Error', 'c');

describe('whether a check is applicable', () => {
  it('as Deequ has it', () => {
    expect(isCheckApplicableToData(check.isComplete('stringCol').isNonNegative('floatCol'), schema)).toMatchObject({ isApplicable: true, failures: [] });
    const absent = isCheckApplicableToData(check.isComplete('absent'), schema);
    expect(absent).toMatchObject({ isApplicable: false, failures: [{
      name: 'CompletenessConstraint(Completeness(absent,None,None))', exception: 'NoSuchColumnException',
      message: 'Input data does not include column absent!',
    }] });
    expect(isCheckApplicableToData(check.isNonNegative(''), schema).isApplicable).toBe(false);
    expect(isCheckApplicableToData(check.isComplete('booleanCol').where('foo + bar___'), schema).isApplicable).toBe(false);
    const c = check.isComplete('stringCol').isUnique('stringCol');
    expect([...isCheckApplicableToData(c, schema).constraintApplicabilities]).toEqual(c.constraints.map((x) => [x, true]));
  });

  it('constraint by constraint, where filters let nothing pass and types are odd', () => {
    const c = check.isComplete('list').hasMin('when', atLeast(1)).isUnique('raw').isComplete('stringCol').where("stringCol = 'rare'")
      .satisfies('floatCol > ', 'broken').hasSize(() => { throw new Error('not called'); }).isComplete('when');
    const { constraintApplicabilities, failures } = isCheckApplicableToData(c, schema);
    expect([...constraintApplicabilities.values()]).toEqual([false, false, true, true, false, true, true]);
    expect(failures.map((f) => f.exception).slice(0, 2)).toEqual(['WrongColumnTypeException', 'WrongColumnTypeException']);
    expect(failures[2]!.message).not.toBe('');
  });

  it('through combinations, and columns that are chosen', () => {
    const c = check.or((d) => d.isComplete('absent').isComplete('stringCol')).not((d) => d.isUnique('stringCol'))
      .forColumns(/^d\d/, (d, name) => d.hasMin(name, atLeast(0))).forColumns({ kind: 'boolean' }, (d, name) => d.hasMin(name, atLeast(0)))
      .forColumns(/^none/, (d) => d);
    const { constraintApplicabilities, failures } = isCheckApplicableToData(c, schema);
    expect([...constraintApplicabilities.values()]).toEqual([false, true, true, false, false]);
    expect(failures.map((f) => f.name)).toEqual([
      'CompletenessConstraint(Completeness(absent,None,None))', 'MinimumConstraint(Minimum(booleanCol,None,None))', 'forColumns(/^none/)',
    ]);
  });

  it('of analyzers, also from the suite', () => {
    const decimals = ['d38', 'd5', 'd8'].flatMap((c) => [Minimum(c), Maximum(c)]);
    expect(areAnalyzersApplicableToData(decimals, schema)).toEqual({ isApplicable: true, failures: [] });
    const suite = VerificationSuite();
    expect(suite.areAnalyzersApplicableToData([Compliance('', ''), Completeness('stringCol'), CustomSql('SELECT 1')], schema))
      .toMatchObject({ isApplicable: false, failures: [{ name: 'Compliance(,,None,List(),None)' }] });
    expect(suite.isCheckApplicableToData(check.isComplete('stringCol'), schema).isApplicable).toBe(true);
  });
});
