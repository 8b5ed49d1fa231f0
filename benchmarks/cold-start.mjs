// From the start of a process to a verdict on a 1 MB CSV, against a process that does nothing:
//   node cold-start.mjs [pairs]
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const verdict = fileURLToPath(new URL('verdict.mjs', import.meta.url));

/** About a megabyte of orders. */
function orders() {
  const lines = ['id,shop,price,email,at'];
  for (let id = 0, bytes = 0; bytes < 1e6; ++id) {
    const at = new Date(Date.UTC(2024, 0, 1) + id * 61_000).toISOString();
    const shop = ['north', 'south', 'east'][id % 3];
    lines.push(`${id},${shop},${(id * 7919 % 10007) / 100},customer${id % 997}@example.com,${at}`);
    bytes += lines.at(-1).length + 1;
  }
  return `${lines.join('\n')}\n`;
}

const median = (xs) => [...xs].sort((a, b) => a - b)[xs.length >> 1];

/** Milliseconds of the wall clock of both processes in turns, and their ratio: of the medians, and of the fastest. */
export function coldStart(pairs = 15) {
  const folder = mkdtempSync(join(tmpdir(), 'cold-start-'));
  try {
    const path = join(folder, 'orders.csv');
    writeFileSync(path, orders());
    const time = (args) => {
      const start = performance.now();
      execFileSync(process.execPath, args, { stdio: 'ignore' });
      return performance.now() - start;
    };
    const nothing = [];
    const ours = [];
    for (let i = -2; i < pairs; ++i) { // two pairs fill the caches of the disk
      const [a, b] = [time(['-e', '0']), time([verdict, path])];
      if (i < 0) continue;
      nothing.push(a);
      ours.push(b);
    }
    const ratios = ours.map((ms, i) => ms / nothing[i]);
    const best = Math.min(...ours) / Math.min(...nothing);
    return { nothing: median(nothing), verdict: median(ours), ratio: median(ratios), best };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** The result as a line. */
export function coldStartLine({ nothing, verdict, ratio, best }) {
  const times = `verdict on a 1 MB CSV ${verdict.toFixed(0)} ms, node -e 0 ${nothing.toFixed(0)} ms`;
  return `cold start: ${times}, ratio ${ratio.toFixed(2)} (fastest ${best.toFixed(2)}), target ≤ 5`;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  console.log(coldStartLine(coldStart(Number(process.argv[2] ?? 15))));
}
