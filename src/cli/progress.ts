import type { Progress } from '../engine/plan.js';
import { readableNumber } from '../metrics/text.js';
import type { Output } from './terminal.js';

const WIDTH = 28;
const EVERY_MS = 80;

/** Draws how far a run is. */
export interface ProgressBar {
  readonly update: (progress: Progress) => void;
  /** Removes the bar. */
  end(): void;
}

/** A bar on a terminal; nothing where the output is none, or was asked to be quiet. */
export function progressBar(output: Output, quiet: boolean): ProgressBar {
  let drawn = 0;
  let visible = false;
  if (output.isTTY !== true || quiet) return { update() {}, end() {} };
  return {
    update(progress) {
      const now = Date.now();
      if (progress.phase === 'scan' && now - drawn < EVERY_MS) return;
      drawn = now;
      visible = true;
      output.write(`\r\u001b[K${line(progress, output.columns ?? 80)}`);
    },
    end() {
      if (visible) output.write('\r\u001b[K');
      visible = false;
    },
  };
}

function line({ phase, splits, splitsDone, rows, bytes, totalBytes, elapsedMs }: Progress, width: number): string {
  const share = totalBytes ? Math.min(1, bytes / totalBytes) : splits > 0 ? splitsDone / splits : 0;
  const full = Math.round(share * WIDTH);
  const left = share > 0.05 && share < 1 ? `, ${Math.ceil((elapsedMs / share - elapsedMs) / 1000)} s left` : '';
  const what = phase === 'merge' ? 'merging' : 'reading';
  const bar = `${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}`;
  return `${what} ${bar} ${String(Math.floor(share * 100)).padStart(3)} %  ${readableNumber(rows)} rows${left}`.slice(0, width - 1);
}
