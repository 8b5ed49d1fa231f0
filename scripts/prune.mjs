// Removes from dist what no source makes any more.
import { existsSync, readdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const [dist, src] = ['../dist', '../src'].map((path) => fileURLToPath(new URL(path, import.meta.url)));
for (const path of readdirSync(dist, { recursive: true })) {
  const made = /^(.*?)(?:\.d\.ts|\.js)(?:\.map)?$/.exec(path);
  const isJoined = path.startsWith('joined') || path.endsWith('.modules.js');
  if (made && !isJoined && !existsSync(join(src, `${made[1]}.ts`))) rmSync(join(dist, path));
}
