import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TemporaryFile } from './spill.js';

const PIECE = 1 << 30; // one system call moves less than 2 GiB

const open = new Set<string>();
let watched = false;

/**
 * Opens a new temporary file (never null in Node), in the folder for temporary files of the system unless another is
 * given.
 */
export function openSpillFile(folder: string = tmpdir()): TemporaryFile | null {
  const home = mkdtempSync(join(folder, 'assay-'));
  open.add(home);
  if (!watched) {
    watched = true;
    process.on('exit', () => {
      for (const each of open) rmSync(each, { recursive: true, force: true });
    });
  }
  const path = join(home, 'spill');
  const fd = openSync(path, 'wx+', 0o600);
  let size = 0;
  return {
    path,
    write(bytes) {
      const start = size;
      for (let at = 0; at < bytes.length; ) {
        const written = writeSync(fd, bytes, at, Math.min(PIECE, bytes.length - at), size);
        at += written;
        size += written;
      }
      return start;
    },
    read: (offset, into) => readWhole(fd, path, offset, into),
    close() {
      if (!open.delete(home)) return;
      closeSync(fd);
      rmSync(home, { recursive: true, force: true });
    },
  };
}

/** Reads bytes of a file from an offset on, whoever wrote it. */
export function readFileRange(path: string, offset: number, into: Uint8Array): void {
  const fd = openSync(path, 'r');
  try {
    readWhole(fd, path, offset, into);
  } finally {
    closeSync(fd);
  }
}

function readWhole(fd: number, path: string, offset: number, into: Uint8Array): void {
  for (let at = 0; at < into.length; ) {
    const read = readSync(fd, into, at, Math.min(PIECE, into.length - at), offset + at);
    if (read === 0) throw new Error(`${path} ends before byte ${offset + into.length}`);
    at += read;
  }
}
