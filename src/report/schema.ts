import { OUTCOMES } from '../checks/outcomes.js';

type Schema = Readonly<Record<string, unknown>>;

const TEXT: Schema = { type: 'string' };
const NUMBER: Schema = { type: 'number' };
const COUNT: Schema = { type: 'integer', minimum: 0 };
const FLAG: Schema = { type: 'boolean' };

const of = (name: string): Schema => ({ $ref: `#/$defs/${name}` });
const list = (items: Schema): Schema => ({ type: 'array', items });
const orNull = (schema: Schema): Schema => ({ oneOf: [schema, { type: 'null' }] });
const oneOf = (...values: readonly string[]): Schema => ({ enum: values });
const object = (properties: Readonly<Record<string, Schema>>): Schema => ({
  type: 'object', additionalProperties: false, required: Object.keys(properties), properties,
});

const HEAD = {
  version: { const: 1 },
  tool: object({ name: { const: 'assay' }, version: TEXT }),
  title: TEXT,
  createdAt: { type: 'string', format: 'date-time' },
  table: TEXT,
  rows: orNull(COUNT),
  milliseconds: orNull({ type: 'number', minimum: 0 }),
};

/** The JSON Schema (2020-12) of reports, published as `assay/report.schema.json`. */
export const reportSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'Report of Assay',
  description: 'What `assay check --format json` writes and `verificationReport` gives.',
  oneOf: [of('verification'), of('profile'), of('history'), of('suggestions')],
  $defs: {
    verification: object({
      kind: { const: 'verification' },
      ...HEAD,
      status: oneOf('Success', 'Warning', 'Error'),
      outcomes: object(Object.fromEntries(OUTCOMES.map((outcome) => [outcome, COUNT]))),
      checks: list(of('check')),
      metrics: list(of('metric')),
      failures: list(object({ analyzer: TEXT, message: TEXT })),
      charts: list(of('chart')),
      explanation: orNull(TEXT),
    }),
    profile: object({
      kind: { const: 'profile' },
      ...HEAD,
      columns: list(of('column')),
      correlations: orNull(object({ columns: list(TEXT), values: list(list(of('number'))) })),
      missing: orNull(list(object({ columns: list(TEXT), count: COUNT }))),
      explanation: orNull(TEXT),
    }),
    column: object({
      name: TEXT,
      type: TEXT,
      inferred: orNull(TEXT),
      completeness: of('number'),
      facts: list(object({ name: TEXT, value: TEXT })),
      charts: list(of('chart')),
      problems: list(TEXT),
    }),
    history: object({ kind: { const: 'history' }, ...HEAD, strategy: orNull(TEXT), series: list(of('series')) }),
    series: object({
      name: TEXT,
      instance: TEXT,
      tags: { type: 'object', additionalProperties: TEXT },
      points: list(object({
        time: NUMBER,
        value: orNull(of('number')),
        verdict: orNull(oneOf('normal', 'anomalous', 'unknown', 'missing')),
        detail: orNull(TEXT),
      })),
    }),
    suggestions: object({
      kind: { const: 'suggestions' },
      ...HEAD,
      testRows: orNull(COUNT),
      suggestions: list(of('suggestion')),
      module: TEXT,
    }),
    suggestion: object({
      column: TEXT, rule: TEXT, ruleDescription: TEXT, description: TEXT, currentValue: TEXT, code: TEXT, deequCode: orNull(TEXT),
      onData: orNull(of('try')), onTest: orNull(of('try')),
    }),
    try: object({ outcome: oneOf(...OUTCOMES), value: orNull(of('number')), message: orNull(TEXT) }),
    check: object({
      description: TEXT, level: oneOf('Error', 'Warning'), status: oneOf('Success', 'Warning', 'Error'), constraints: list(of('constraint')),
    }),
    constraint: object({
      constraint: TEXT,
      analyzer: TEXT,
      level: oneOf('Error', 'Warning'),
      subject: TEXT,
      instance: TEXT,
      outcome: oneOf(...OUTCOMES),
      status: oneOf('Success', 'Failure'),
      message: orNull(TEXT),
      value: TEXT,
      number: orNull(of('number')),
      required: TEXT,
      bounds: orNull(object({ low: orNull(NUMBER), high: orNull(NUMBER) })),
      note: TEXT,
      examples: orNull(of('rows')),
      parts: list(of('constraint')),
    }),
    number: { oneOf: [NUMBER, oneOf('NaN', 'Infinity', '-Infinity')] },
    rows: object({ columns: list(TEXT), rows: list(list(orNull(TEXT))), more: FLAG }),
    metric: object({ entity: oneOf('Dataset', 'Column', 'Multicolumn'), instance: TEXT, name: TEXT, value: of('number') }),
    chart: {
      oneOf: [
        object({ kind: { const: 'bars' }, title: TEXT, bars: list(object({ label: TEXT, count: NUMBER })), rest: NUMBER, ordered: FLAG }),
        object({ kind: { const: 'quantiles' }, title: TEXT, points: list(object({ quantile: NUMBER, value: NUMBER })) }),
        object({ kind: { const: 'series' }, title: TEXT, points: list(object({ time: NUMBER, value: orNull(NUMBER), anomaly: FLAG })) }),
      ],
    },
  },
};
