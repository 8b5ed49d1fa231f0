// From a table to its checks: suggests them for the reviews, tries them on fresh reviews of another seed, and writes the
// module, which is then compiled strictly and run on both.
//   npm run example:suggest [-- --rows 3120938 --fresh-rows 300000 --threads 2]
import { execFileSync } from 'node:child_process';
import { mkdirSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { parseArgs } from 'node:util';
import { ConstraintSuggestionRunner, Rules, VerificationSuite, suggestedModule } from 'assay';
import { parquet } from 'assay/node';
import { reportHtml, suggestionReport } from 'assay/report';
import { reviewsFile } from './file.mjs';
import { ROWS } from './generate.mjs';

const { values } = parseArgs({
  options: {
    rows: { type: 'string', default: String(ROWS) }, 'fresh-rows': { type: 'string', default: '300000' }, threads: { type: 'string' },
  },
});
const options = values.threads === undefined ? {} : { threads: Number(values.threads) };
const [path, freshPath] = [await reviewsFile(Number(values.rows)), await reviewsFile(Number(values['fresh-rows']), 2)];
const [reviews, fresh] = [parquet(path), parquet(freshPath)];

const start = performance.now();
const found = await ConstraintSuggestionRunner().onData(reviews).withTestData(fresh).addConstraintRules(Rules.ALL).run(options);
console.log(`${found}\n`);
const held = (verdict) => verdict?.outcome === 'passed';
const coded = found.suggestions.filter((s) => s.codeConstraint !== null);
const [onData, onTest] = [coded.filter((s) => held(s.onData)), coded.filter((s) => held(s.onData) && held(s.onTest))];
console.log(`${coded.length} suggestions, ${onData.length} hold on ${basename(path)}, ${onTest.length} of these on ${basename(freshPath)}`);
for (const s of onData.filter((each) => !onTest.includes(each))) {
  console.log(`  does not hold there: ${s.description.slice(0, 100)} (${s.onTest.outcome}, ${s.onTest.value})`);
}
console.log(`in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);

// The module of what holds on the reviews themselves, whatever the fresh ones say.
const folder = fileURLToPath(new URL('../../.data/suggested/', import.meta.url));
mkdirSync(folder, { recursive: true });
const kept = onData.map(({ onTest: _, ...s }) => s);
writeFileSync(join(folder, 'checks.ts'), suggestedModule(kept, { table: basename(path) }));
writeFileSync(join(folder, 'checks.mjs'), suggestedModule(kept, { table: basename(path) }));
writeFileSync(join(folder, 'suggestions.html'), reportHtml(suggestionReport(found, { table: basename(path) })));
writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({
  compilerOptions: { strict: true, noEmit: true, module: 'nodenext', target: 'es2022', types: [] }, files: ['checks.ts'],
}));
execFileSync(process.execPath, [fileURLToPath(new URL('../../node_modules/typescript/bin/tsc', import.meta.url)), '-p', folder], { stdio: 'inherit' });
console.log('checks.ts compiles with tsc --strict');

const { default: check } = await import(pathToFileURL(join(folder, 'checks.mjs')).href);
for (const [name, table] of [[basename(path), reviews], [basename(freshPath), fresh]]) {
  const { status, results: [{ constraintResults }] } = await VerificationSuite().onData(table).addCheck(check).run(options);
  console.log(`${name}: ${status}, ${constraintResults.filter(held).length} of ${constraintResults.length} constraints hold`);
}
