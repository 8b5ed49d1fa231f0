// Writes docs/expressions.md from the function table of the built package: `node scripts/expressions-page.mjs`.
import { writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { EXAMPLES, EXAMPLE_ROW, EXAMPLE_SCHEMA } from './expression-examples.mjs';

const INTRO = `# Expressions

Filters (\`where\`), predicates (\`satisfies\`, \`Compliance\`), row rules and patterns are one language: Spark SQL's
expressions (3.5, ANSI off), with the same meaning on every engine. What Spark would refuse is refused when a run is
planned, before any data is read, with the place in the text marked and the nearest name suggested. This page is
generated from the function table: \`node scripts/expressions-page.mjs\`.

\`\`\`ts
import { Check, CheckLevel, VerificationSuite, expression } from 'assay';

const orders = [{ id: 1, price: 2.5, mail: 'ann@example.org' }, { id: 2, price: null, mail: 'bob@example' }];

const fair = expression("price BETWEEN 0 AND 100 AND mail RLIKE '@.*[.]'");
fair.text;                                   // the canonical text
fair.columns;                                // ['price', 'mail']
fair.check('price double, mail string').type; // 'boolean'; throws where it does not fit a schema
await fair.evaluate(orders);                 // [true, false]
expression(JSON.parse(JSON.stringify(fair))); // the same again

const check = Check(CheckLevel.Error, 'orders').satisfies(fair.text, 'fair').where('price IS NOT NULL');
console.log(String(await VerificationSuite().onData(orders).addCheck(check).run()));
\`\`\`

\`expression(text)\` is for programs that look at expressions themselves; everything else takes the text as it is.
Values come as JS holds them: bigint columns as bigint, decimals, dates and times as texts (which lose nothing), structs
as objects, maps as \`Map\`. \`batches\` gives them batch by batch where a table is large.

## The language

| what | how it is written |
|---|---|
| columns | \`price\`, in any case; \`\` \`odd name\` \`\` in backticks, which are doubled within; \`address.city\`, \`tags[0]\`, \`attributes['color']\` |
| whole numbers | \`1\` (int, bigint or decimal, by its size), \`1Y\` tinyint, \`1S\` smallint, \`1L\` bigint |
| other numbers | \`1.5\` decimal(2,1), \`1.5BD\` decimal, \`1.5D\` and \`1e3\` double, \`1.5F\` float |
| texts | \`'it\\'s'\` or \`"it's"\`, neighbours joined; escapes as in \`'\\n'\`, \`'\\\\'\`, \`'\\u00e9'\`; \`r'\\d+'\` takes them as they stand |
| other literals | \`TRUE\`, \`FALSE\`, \`NULL\`, \`X'0AFF'\`, \`DATE '2024-02-29'\`, \`TIMESTAMP '2024-02-29 12:00:00'\`, \`TIMESTAMP_NTZ '2024-02-29 12:00:00'\` |
| intervals | \`INTERVAL 3 DAYS\`, \`INTERVAL '1-2' YEAR TO MONTH\`, \`INTERVAL '1 02:03:04.5' DAY TO SECOND\` |
| comments | \`-- to the end of the line\`, \`/* nested /* too */ */\` |

Operators, from the tightest to the loosest; those of one line are read from the left:

| operators | on |
|---|---|
| \`x[i]\`, \`x.member\` | arrays, maps, structs |
| \`-x\`, \`+x\`, \`~x\` | numbers, intervals; whole numbers |
| \`*\`, \`/\`, \`%\`, \`DIV\` | numbers; \`/\` gives double or decimal, \`DIV\` bigint; null where the divisor is 0 |
| \`+\`, \`-\`, \`\\|\\|\` | numbers, dates, times and intervals; \`\\|\\|\` joins texts |
| \`&\` | whole numbers, bit by bit |
| \`^\` | exclusive or |
| \`\\|\` | or |
| \`=\` \`==\` \`<>\` \`!=\` \`<\` \`<=\` \`>\` \`>=\` \`<=>\` | values that can be cast to one type; \`<=>\` is never null |
| \`IS [NOT] NULL\`, \`TRUE\`, \`FALSE\`, \`UNKNOWN\`, \`DISTINCT FROM y\` | never null |
| \`[NOT] BETWEEN a AND b\`, \`IN (a, b)\`, \`LIKE p [ESCAPE c]\`, \`ILIKE p\`, \`RLIKE p\`, \`LIKE ANY (p, q)\`, \`LIKE ALL (p, q)\` | at most one of them without parentheses |
| \`NOT\`, \`!\` | boolean |
| \`AND\` | boolean |
| \`OR\` | boolean |

Beside these: \`CASE WHEN c THEN x ELSE y END\`, \`CASE x WHEN a THEN b END\`, \`CAST(x AS type)\`, \`TRY_CAST(x AS type)\`,
\`EXTRACT(YEAR FROM d)\`, \`TRIM(BOTH 'x' FROM s)\`, \`SUBSTRING(s FROM 2 FOR 3)\`, \`POSITION('a' IN s)\`. Types: \`boolean\`, \`tinyint\`,
\`smallint\`, \`int\`, \`bigint\`, \`float\`, \`double\`, \`decimal(p,s)\`, \`string\`, \`binary\`, \`date\`, \`timestamp\`, \`timestamp_ntz\`,
\`array<t>\`, \`map<k, v>\`, \`struct<name: t>\`, intervals.

## What values mean

- **NULL** is unknown: a comparison with it is null, \`NULL AND FALSE\` is false, \`NULL OR TRUE\` is true. A filter lets through what is
  true; a predicate that is null counts as not satisfied.
- **Numbers.** Whole numbers are exact and wrap at their width; decimals are exact with Spark's rules of precision and scale, and null on
  overflow. \`NaN = NaN\`, and NaN is greater than everything; \`-0.0 = 0.0\`.
- **Types meet.** A text beside a number or date in a comparison is cast to the type of the other; texts that cannot be read
  become null. \`CAST\` never fails: it is null, or wraps; \`TRY_CAST\` is null instead of wrapping.
- **Texts** are code points in the order of their bytes in UTF-8; positions count from 1.
- **Time** is in the run's time zone (\`timeZone\`, default UTC), microseconds exact. \`now()\` and \`current_date\` are one moment in a run.
- **Regexes** (\`RLIKE\`, \`regexp_…\`, \`split\`, \`hasPattern\`) are Java's. What is regular runs as an automaton over bytes in time
  that grows with the text alone. Its states are made when a text first leads there; what is known is put into a table for pairs of bytes,
  through which two texts run in turns, and stretches of bytes that leave a state as it is are passed 16 at a time. Back references and
  look-around that is not regular run in a matcher with a budget of steps, whose exhaustion is an error of that one constraint. Differences are listed in [deequ-differences.md](deequ-differences.md#expressions-and-regexes).
- **Evaluation** is by whole columns, in kernels and loops over their bytes, offsets and elements: each subexpression once per batch, constants
  once per run, what depends on one dictionary column once per distinct value. Patterns, formats, units and sets of characters that are not
  literals are read once for each value of a batch and worked on the rows that have it (patterns, sets and formats that differ in nearly every
  row are a row's own work). No function always runs row by row; values of JavaScript
  are made only for rows that are the work itself: float64 and float32 whose digits a kernel does not find (in scientific form, with more than
  eight decimals) when they are printed, become decimals or are rounded near a tie; texts of numbers in hexadecimal, with very many digits or
  those of another script, and of times without a date or with the name of a zone; formats that read optional parts, eras, zones or digits in
  more than one way, or print the name of a zone; and \`lower\` and its like where a batch holds a capital sigma, which depends on its neighbours.
  Matches for \`regexp_extract\`, \`regexp_replace\` and \`split\` are found one after another, on bytes.
- **Refused by name**: subqueries, aggregates, window functions, lambdas, \`rand()\` and what else gives another result on every reading.
- **Limits**: 250 nested parentheses, 500 levels of operators; AND, OR and IN are flat and may be as long as they like.

## Functions

Arguments are cast as Spark does. Unless noted, the result is null where an argument is. Examples are run on this row:

| ${EXAMPLE_SCHEMA.split(/, (?=\w+ )/).map((column) => `\`${column}\``).join(' | ')} |
|${'---|'.repeat(9)}
| ${rowText()} |

\`DuckDB\` says whether an expression over the function can be handed to DuckDB as SQL with the same answer to the last bit (*SQL*; for
some types or arguments it is not), or is computed *here*. Spark takes all of them: it is its own language, and a test has it answer every example where it is installed.
`;

function rowText() {
  const { id, price, name, mail, tags, scores } = EXAMPLE_ROW;
  const list = (x) => `[${x.map((v) => v ?? 'null').join(', ')}]`;
  return [id, price, name, mail, '2024-02-29', '2024-02-29 12:34:56.789', list(tags), list(scores), '{color → red, size → L}'].join(' | ');
}

const cell = (text) => text.replaceAll('|', '\\|');
const code = (text) => `\`${cell(text)}\``;

/**
 * The page. `groups`: the tables of functions under their headings; `spelled(example)`: whether DuckDB is given it
 * ('SQL') or not ('here').
 */
export function expressionsPage(groups, spelled) {
  const examples = new Map(EXAMPLES.map(([name, text, value]) => [name, { text, value }]));
  const sections = Object.entries(groups).map(([heading, functions]) => {
    const rows = functions.map((spec) => {
      const { text, value } = examples.get(spec.name) ?? {};
      if (text === undefined) throw new Error(`there is no example of ${spec.name}: scripts/expression-examples.mjs`);
      const names = [spec.name, ...(spec.aliases ?? [])].map(code).join(', ');
      return `| ${names} | ${cell(spec.doc)} | ${code(text)} | ${value === null ? 'NULL' : code(value)} | ${spelled(text)} |`;
    });
    return `\n### ${heading}\n\n| function | what it gives | example | is | DuckDB |\n|---|---|---|---|---|\n${rows.join('\n')}\n`;
  });
  return `${INTRO}${sections.join('')}`;
}

/** The arguments of `expressionsPage`, from the modules of the package. */
export function pageArguments({ tables, bindExpression, schemaOf, DUCKDB, isHere }) {
  const schema = schemaOf(EXAMPLE_SCHEMA);
  const spelled = (text) => {
    const entries = [];
    const visit = (e) => {
      if (e.kind !== 'call') return;
      entries.push(DUCKDB[e.fn]);
      e.args.forEach(visit);
    };
    visit(bindExpression(text, schema, { now: 0 }));
    return entries.some((entry) => isHere(entry)) ? 'here' : 'SQL';
  };
  const { conditionals, mathematics, strings, dates, nested } = tables;
  const groups = {
    'Choices, tests, casts': conditionals, Numbers: mathematics, Texts: strings, 'Dates and times': dates, 'Nested values': nested,
  };
  return [groups, spelled];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const from = async (path) => import(new URL(`../dist/${path}.js`, import.meta.url).href);
  const names = ['conditionals', 'mathematics', 'strings', 'dates', 'nested'];
  const tables = Object.fromEntries(await Promise.all(names.map(async (n) => [n, (await from(`expression/functions/${n}`))[n]])));
  const modules = ['expression/bind', 'data/schema-text', 'expression/spelling/index'];
  const parts = Object.assign({ tables }, ...await Promise.all(modules.map(from)));
  writeFileSync(new URL('../docs/expressions.md', import.meta.url), expressionsPage(...pageArguments(parts)));
}
