// Writes docs/analyzers.md from the registry of the built package: `node scripts/analyzers-table.mjs`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const INTRO = `# Analyzers

An analyzer is a question about a table; its answer is a metric. Factories carry Deequ's names and are called without
\`new\`: what they need first, then options. This page is generated from the registry:
\`node scripts/analyzers-table.mjs\`.

`;

const OWN = `
## Analyzers of your own

\`defineAnalyzer\` makes them by the same contract. \`ask\` names states over expressions, all of which are computed in the
one pass of the run; \`answer\` turns them into the metric. Text, equality, JSON and failure metrics follow from the
declaration.

\`\`\`ts
import { AnalysisRunner, defineAnalyzer, empty, states } from 'assay';

const ShareOf = defineAnalyzer({
  name: 'ShareOf',
  doc: 'Part of the known values of a column that are a given text.',
  params: { column: { kind: 'column', doc: 'The column.' }, value: { kind: 'text', doc: 'The text.' } },
  create: (column: string, value: string) => ({ column, value }),
  metric: (p) => ({ entity: 'Column', instance: p.column, name: 'ShareOf' }),
  requires: () => [],
  ask: (p, bind) => ({
    equal: bind.state(states.matches, {
      inputs: [bind.call('=', [bind.column(p.column), bind.text(p.value)])],
    }),
  }),
  answer: ({ equal }) => (equal.known === 0 ? empty : equal.true / equal.known),
});

await AnalysisRunner().onData(reviews).addAnalyzer(ShareOf('marketplace', 'US')).run();
\`\`\`
`;

/** The page about the registered analyzers. */
export function analyzersPage(analyzers) {
  const rows = analyzers.map(({ spec }) => {
    const params = Object.entries(spec.params).map(([name, p]) => (isOption(p) ? `\`${name}\`?` : `\`${name}\``));
    return `| ${[spec.name, spec.doc, params.join(', '), KINDS[spec.kind ?? 'double']].join(' | ')} |`;
  });
  const table = ['| analyzer | what it says | parameters | metric |', '|---|---|---|---|', ...rows].join('\n');
  return `${INTRO}${table}\n\n## Parameters\n\n${parameterList(analyzers)}${OWN}`;
}

/** Every parameter once per meaning, with the analyzers that have it. */
function parameterList(analyzers) {
  const meanings = new Map();
  for (const { spec } of analyzers) {
    for (const [name, { doc, default: value }] of Object.entries(spec.params)) {
      const key = `- \`${name}\`: ${doc}${value === undefined ? '' : ` Default: \`${JSON.stringify(value)}\`.`}`;
      meanings.set(key, [...(meanings.get(key) ?? []), spec.name]);
    }
  }
  const who = (names) => (names.length > 5 ? `${names.length} analyzers` : names.join(', '));
  const lines = [...meanings].map(([text, names]) => `${text} (${who(names)})`);
  return `${lines.sort().join('\n')}\n`;
}

const OPTIONS = new Set([
  'where', 'options', 'optional-int', 'optional-doubles', 'optional-function', 'optional-mapping', 'kll', 'aggregate',
]);

function isOption(param) {
  return OPTIONS.has(param.kind) || param.default !== undefined;
}

const KINDS = {
  double: 'a number',
  keyed: 'a number per key',
  attributes: 'a number per key',
  histogram: 'a distribution over texts',
  binned: 'a distribution over intervals',
  kll: 'a distribution over buckets',
};

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const { analyzers } = await import('assay');
  writeFileSync(new URL('../docs/analyzers.md', import.meta.url), analyzersPage(analyzers));
}
