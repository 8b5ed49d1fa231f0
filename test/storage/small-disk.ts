import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, statfsSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/** A disk in memory. */
export interface SmallDisk {
  readonly path: string;
  /** Fills it so that less than this many bytes are left. */
  fill(left: number): void;
  /** Removes what fills it. */
  empty(): void;
  readOnly(): void;
}

/** A test on a small disk; says so where it cannot be mounted, and does nothing. */
export function onSmallDisk(bytes: number, work: (disk: SmallDisk) => Promise<void>) {
  return async (): Promise<void> => {
    const path = mkdtempSync(join(tmpdir(), 'mount-'));
    try {
      try {
        execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${bytes}`, 'tmpfs', path], { stdio: 'ignore' });
      } catch {
        console.log('a test on a small disk is skipped: mounting one is not allowed');
        return;
      }
      const filler = join(path, '.filler');
      try {
        await work({
          path,
          fill(left) {
            const { bavail, bsize } = statfsSync(path);
            writeFileSync(filler, new Uint8Array(Math.max(0, bavail * bsize - left)));
          },
          empty: () => rmSync(filler, { force: true }),
          readOnly: () => void execFileSync('mount', ['-o', 'remount,ro', path]),
        });
      } finally {
        execFileSync('umount', [path]);
      }
    } finally {
      rmSync(path, { recursive: true, force: true });
    }
  };
}
