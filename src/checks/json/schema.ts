import { signatures, type OptionName, type ParamKind, type Signature } from '../signatures.js';

type Schema = Readonly<Record<string, unknown>>;

const text: Schema = { type: 'string' };
const ref = (name: string): Schema => ({ $ref: `#/definitions/${name}` });
const listOf = (items: Schema): Schema => ({ type: 'array', items });
const object = (properties: Record<string, Schema>, required: readonly string[]): Schema =>
  ({ type: 'object', properties, required, additionalProperties: false });

const KINDS: Readonly<Record<Exclude<ParamKind, 'function'>, Schema>> = {
  column: { ...text, description: 'The name of a column; inside forColumns, {column} stands for it.' },
  columns: listOf(text),
  names: { anyOf: [text, { ...listOf(text) }] },
  assertion: ref('demand'),
  text,
  pattern: { ...text, description: 'A Java regex.' },
  number: { type: 'number' },
  'data-type': { enum: ['Null', 'Fractional', 'Integral', 'Boolean', 'String', 'Numeric'] },
  values: listOf(ref('value')),
  dataset: { ...text, description: 'The name that withSource gave a table.' },
  mapping: ref('mapping'),
};

const OPTIONS: Readonly<Record<Exclude<OptionName, 'binning'> | 'hint' | 'name' | 'skip', Schema>> = {
  hint: { ...text, description: 'Appended to the message of a failure.' },
  name: { ...text, description: "The constraint's own name." },
  skip: { ...text, description: 'Why the constraint is not judged now.' },
  where: { ...text, description: 'Only rows on which this predicate is TRUE are judged.' },
  nullBehavior: { enum: ['Ignore', 'EmptyString', 'Fail'] },
  filteredRow: { enum: ['TRUE', 'NULL'] },
  columns: listOf(text),
  maxBins: { type: 'integer' },
  binCount: { type: 'integer' },
  customEdges: { ...listOf(ref('value')), minItems: 2 },
  kllParameters: {
    ...object({ sketchSize: { type: 'integer' }, shrinkingFactor: { type: 'number' }, numberOfBuckets: { type: 'integer' } }, []),
  },
  matchColumnMappings: ref('mapping'),
};

/** The JSON Schema (draft 7) of a file of checks, derived from what the methods of a check take. */
export function checkSchema(): Schema {
  const methods = Object.entries(signatures as Readonly<Record<string, Signature | null>>)
    .filter((entry): entry is [string, Signature] => !!entry[1] && !entry[1].params.some((p) => p.kind === 'function'));
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    $id: 'assay/check.schema.json',
    title: 'Checks of Assay',
    ...object({ $schema: text, version: { const: 1 }, checks: listOf(ref('check')) }, ['version', 'checks']),
    definitions: {
      check: object(
        { level: { enum: ['Error', 'Warning'] }, description: text, constraints: listOf(ref('constraint')) },
        ['level', 'description', 'constraints'],
      ),
      constraint: { oneOf: [...methods.map(([name, s]) => methodSchema(name, s)), ...COMPOSED] },
      demand: { anyOf: [ref('comparator'), ref('thresholds')] },
      thresholds: { ...object({ error: ref('comparator'), warn: ref('comparator') }, []), minProperties: 1 },
      comparator: { oneOf: COMPARATORS },
      number: { anyOf: [{ type: 'number' }, { enum: ['NaN', 'Infinity', '-Infinity', '-0.0'] }] },
      value: {
        anyOf: [
          { type: ['string', 'number', 'boolean'] },
          object({ long: { type: 'string', pattern: '^-?[0-9]+$' } }, ['long']),
          object({ double: { enum: ['NaN', 'Infinity', '-Infinity', '-0.0'] } }, ['double']),
        ],
      },
      bounds: object(
        { lower: { type: 'number' }, upper: { type: 'number' }, includeLower: { type: 'boolean' }, includeUpper: { type: 'boolean' } },
        ['lower', 'upper'],
      ),
      mapping: {
        description: 'Columns of the table and their names in the other one.',
        anyOf: [
          { type: 'object', additionalProperties: text },
          listOf({ ...listOf(text), minItems: 2, maxItems: 2 }),
        ],
      },
    },
  };
}

const COMPARATORS: readonly Schema[] = [
  object({ op: { enum: ['atLeast', 'atMost', 'above', 'below', 'equals'] }, value: ref('number') }, ['op', 'value']),
  object({ op: { const: 'between' }, low: ref('number'), high: ref('number') }, ['op', 'low', 'high']),
  object({ op: { const: 'oneOf' }, values: listOf(ref('number')) }, ['op', 'values']),
  object({ op: { const: 'not' }, of: ref('comparator') }, ['op', 'of']),
  object({ op: { enum: ['and', 'or'] }, of: listOf(ref('comparator')) }, ['op', 'of']),
];

const several: Schema = { ...listOf(ref('constraint')), minItems: 1 };

const COMPOSED: readonly Schema[] = [
  object({ and: several, name: OPTIONS.name, hint: OPTIONS.hint }, ['and']),
  object({ or: several, name: OPTIONS.name, hint: OPTIONS.hint }, ['or']),
  object({ not: ref('constraint'), name: OPTIONS.name, hint: OPTIONS.hint }, ['not']),
  object({
    forColumns: {
      oneOf: [
        object({ matching: { ...text, description: 'A JavaScript regex.' }, flags: text }, ['matching']),
        object({ names: listOf(text) }, ['names']),
        object({ kind: { enum: ['numeric', 'string', 'boolean', 'temporal', 'binary', 'nested'] } }, ['kind']),
      ],
    },
    constraints: several,
  }, ['forColumns', 'constraints']),
];

function methodSchema(method: string, { params, options }: Signature): Schema {
  const properties: Record<string, Schema> = { constraint: { const: method } };
  for (const { name, kind } of params) properties[name] = KINDS[kind as keyof typeof KINDS];
  for (const name of ['hint', 'name', 'skip', ...options] as const) {
    if (name !== 'binning') properties[name] = OPTIONS[name];
  }
  const required = ['constraint', ...params.filter((p) => !p.optional).map((p) => p.name)];
  if (method !== 'isContainedIn') return object(properties, required);
  const { assertion: _, values: __, ...others } = properties;
  return { oneOf: [object(properties, required), object({ ...others, bounds: ref('bounds') }, ['constraint', 'column', 'bounds'])] };
}
