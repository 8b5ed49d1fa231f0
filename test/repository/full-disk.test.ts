import { readFileSync, readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import {
  AnalysisRunner, Check, CountDistinct, Histogram, Mean, ResultKey, Size, VerificationSuite, type AnalyzerContext,
} from '../../src/index.js';
import {
  DeequStateProvider, FileMetricsRepository, FileStateProvider, LogMetricsRepository, PartitionedFolder,
} from '../../src/node.js';
import { saveTexts } from '../../src/storage/save-texts.js';
import { onSmallDisk } from '../storage/small-disk.js';

const analyzers = [Size(), Mean('x'), CountDistinct(['id']), Histogram('id')];
const rows = (n: number) => Array.from({ length: n }, (_, i) => ({ id: `row number ${i}`, x: i }));
let context: AnalyzerContext;
beforeAll(async () => void (context = await AnalysisRunner().onData(rows(500)).addAnalyzers(analyzers).run({ threads: 0 })));

/** Every file below a folder with its content, what fills the disk excepted. */
function filesBelow(path: string): Record<string, string> {
  const found = (readdirSync(path, { recursive: true }) as string[]).filter((name) => name !== '.filler' && statSync(join(path, name)).isFile());
  return Object.fromEntries(found.sort().map((name) => [name, readFileSync(join(path, name), 'base64')]));
}

interface Kept {
  /** What is saved once while there is room, and again when there is none. */
  save(path: string, again: boolean): Promise<unknown>;
  /** What is read afterwards. */
  read(path: string): Promise<unknown>;
  readonly code?: string;
}

const states = (path: string) => FileStateProvider(join(path, 'day.states'));
const stored = (n: number) => AnalysisRunner().onData(rows(n)).addAnalyzers(analyzers);
const table = (path: string) => PartitionedFolder(join(path, 'table'), { analyzers });
const KINDS: Record<string, Kept> = {
  'a file of metrics': {
    save: (path, again) => FileMetricsRepository(join(path, 'metrics.json')).save(ResultKey(again ? 2 : 1), context),
    read: async (path) => (await FileMetricsRepository(join(path, 'metrics.json')).load().get()).length,
  },
  'a log of metrics': {
    save: (path, again) => LogMetricsRepository(join(path, 'log')).save(ResultKey(again ? 2 : 1), context),
    read: async (path) => (await LogMetricsRepository(join(path, 'log')).load().get()).length,
  },
  'a log that is made compact': {
    async save(path, again) {
      const log = LogMetricsRepository(join(path, 'log'));
      if (again) await log.compact();
      else await log.save(ResultKey(1), context);
    },
    read: async (path) => (await LogMetricsRepository(join(path, 'log')).load().get()).length,
  },
  'a file of states': {
    save: (path, again) => stored(again ? 900 : 800).saveStatesWith(states(path)).run({ threads: 0 }),
    read: async (path) => (await AnalysisRunner().onStates([states(path)]).addAnalyzer(Size()).run()).metric(Size())!.value,
  },
  'a partition': {
    save: (path, again) => table(path).update('2026-01-01', rows(again ? 900 : 800), { threads: 0 }),
    read: async (path) => (await table(path).metrics()).metric(Size())!.value,
  },
  "Deequ's states": {
    save: (path, again) => stored(again ? 900 : 800).saveStatesWith(DeequStateProvider(join(path, again ? 'other' : 'day'))).run({ threads: 0 }),
    read: async (path) => Object.keys(filesBelow(path)).length > 0,
  },
  'a report': {
    async save(path, again) {
      const text = `${'a line of a report\n'.repeat(4000)}${String(again)}`;
      await saveTexts([{ path: join(path, 'report.md'), text: 'short' + String(again) }, { path: join(path, 'report.html'), text }]);
    },
    read: async (path) => readFileSync(join(path, 'report.md'), 'utf8'),
    code: 'SOURCE',
  },
};

describe.each(Object.entries(KINDS))('%s', (_, { save, read, code = 'STORAGE' }) => {
  it('on a full disk is as it was, and the error says why', onSmallDisk(2 << 20, async ({ path, fill, empty }) => {
    await save(path, false);
    const [files, before] = [filesBelow(path), await read(path)];
    fill(4096);
    await expect(save(path, true)).rejects.toMatchObject({ code, message: expect.stringMatching(/^cannot write '.*': the disk is full/) });
    expect(filesBelow(path)).toEqual(files);
    expect(await read(path)).toEqual(before);
    empty();
    await save(path, true);
    await read(path);
  }));

  it('on a read-only disk is as it was, and the error says why', onSmallDisk(2 << 20, async ({ path, readOnly }) => {
    await save(path, false);
    const [files, before] = [filesBelow(path), await read(path)];
    readOnly();
    await expect(save(path, true)).rejects.toMatchObject({ code, message: expect.stringMatching(/^cannot write '.*': the disk is read-only/) });
    expect(filesBelow(path)).toEqual(files);
    expect(await read(path)).toEqual(before);
  }));
});

describe('rows that are written', () => {
  it('to a full disk leave nothing, and the error says why', onSmallDisk(1 << 20, async ({ path, fill }) => {
    fill(4096);
    const verdict = await VerificationSuite().onData(rows(20_000)).addCheck(Check('Error', 'x').isNonNegative('x')).withRowLevelResults().run({ threads: 0 });
    await expect(verdict.quarantine({ passed: join(path, 'good.csv') })).rejects.toThrow(/cannot write '.*good\.csv': the disk is full/);
    expect(readdirSync(path)).toEqual(['.filler']);
  }));
});
