import type { OpenSource } from '../data/source.js';
import type { Progress } from '../engine/plan.js';

/**
 * So many columns are profiled at a time where columns are stored apart: each keeps tables, numbers and pages of its
 * own, some megabytes, until the table is read.
 */
export const AT_ONCE = 200;

/** Columns in the groups in which they are read, in their order. */
export function columnGroups<T>(all: readonly T[], source: OpenSource): readonly (readonly T[])[] {
  if (!source.columnar || !source.replayable || all.length <= AT_ONCE) return [all];
  const count = Math.ceil(all.length / AT_ONCE);
  const size = Math.ceil(all.length / count);
  return Array.from({ length: count }, (_, i) => all.slice(i * size, (i + 1) * size));
}

/** What a reader is told of the reading in groups. */
export function groupsNote(columns: number, groups: number): string {
  const why = 'so that memory stays bounded; none is read twice for it';
  return `${columns} columns are read in ${groups} groups, one after the other, ${why}`;
}

type Listener = ((progress: Progress) => void) | undefined;

/** Progress of one group after the other as that of one reading; sources count the bytes of all columns for each. */
export function progressOf(listener: Listener, groups: number): (group: number) => Listener {
  if (!listener || groups === 1) return () => listener;
  const start = performance.now();
  let [before, bytes] = [0, 0];
  return (group) => {
    before = bytes;
    return (p) => {
      bytes = before + p.bytes / groups;
      const done = p.phase === 'done' && group < groups - 1 ? 'scan' : p.phase;
      listener({
        ...p,
        phase: done,
        splitsDone: group * p.splits + p.splitsDone,
        splits: groups * p.splits,
        bytes: Math.round(bytes),
        elapsedMs: performance.now() - start,
      });
    };
  };
}
