import { spawn, spawnSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

const program = fileURLToPath(new URL('JavaRegex.java', import.meta.url));

/** Whether Java 17, the reference, is there. */
export const hasJava17 = /version "17/.test(spawnSync('java', ['-version'], { encoding: 'utf8' }).stderr ?? '');

/** What java.util.regex answers to pairs of pattern and subject. */
export function askJava(pairs: readonly (readonly [string, string])[]): Promise<string[]> {
  const hex = (text: string) => Buffer.from(text, 'utf8').toString('hex');
  return new Promise((resolve, reject) => {
    const java = spawn('java', ['-Xss64m', '-XX:+UseSerialGC', program], { stdio: ['pipe', 'pipe', 'inherit'] });
    const parts: Buffer[] = [];
    java.stdout.on('data', (part: Buffer) => parts.push(part));
    java.on('error', reject);
    java.on('close', (code) => {
      const lines = Buffer.concat(parts).toString('utf8').trimEnd().split('\n');
      if (code !== 0 || lines.length !== pairs.length) reject(new Error(`java ended with ${code} after ${lines.length} answers`));
      else resolve(lines);
    });
    java.stdin.end(pairs.map(([p, s]) => `${hex(p)} ${hex(s)}\n`).join(''));
  });
}
