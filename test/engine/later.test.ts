import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { Pace } from '../../src/engine/later.js';
import { root } from '../packed.js';

const later = { after: 100, left: 250 };

describe('a thread that is called later', () => {
  it('is called while enough is left at the pace of the splits behind the first', () => {
    const pace = new Pace();
    for (const ms of [80, 40]) pace.took(ms);
    expect(pace.calls(later, 120, 7)).toBe(true);
    expect(pace.calls(later, 120, 6)).toBe(false);
    for (const ms of [60, 400, 50]) pace.took(ms); // something else happened
    expect(pace.calls(later, 630, 5)).toBe(true);
    expect(pace.calls(later, 630, 4)).toBe(false);
  });

  it.each([[[1, 500]], [[1, 1, 1, 1, 1, 1, 1, 500]], [[500, ...Array<number>(30).fill(0)]]])('is called where splits are uneven: %j', (ms) => {
    const pace = new Pace();
    pace.took(90);
    let at = 90;
    for (let split = 0; split < 300; ++split) {
      at += ms[split % ms.length]!;
      pace.took(ms[split % ms.length]!);
      if (pace.calls(later, at, 299 - split)) break;
    }
    expect(at).toBeLessThan(1700);
  });

  it('is not called before its time, and always then where nothing need be left', () => {
    const pace = new Pace();
    expect(pace.calls(later, 0, 100)).toBe(false);
    pace.took(90);
    expect(pace.calls(later, 90, 100)).toBe(false);
    expect(pace.calls({ after: 80, left: 0 }, 90, 1)).toBe(true);
  });

  it('is not there in the first run of a process that is over soon, and is in a longer one', () => {
    const program = `
      import { execute } from './dist/engine/execute.js';
      import { stateSpecs } from './dist/states/index.js';
      import { standardSetting } from './dist/engine/setting.js';
      import { openPlanted } from './test/engine/fixtures/planted.mjs';
      const setting = { ...standardSetting, worker: new URL('./test/engine/fixtures/worker.mjs', import.meta.url) };
      const x = { kind: 'column', name: 'x', type: { kind: 'double' } };
      const asks = [{ kind: 'state', spec: stateSpecs.get('sums'), request: { state: 'sums', inputs: [x], where: null, options: null } }];
      const [splits, slow] = process.argv.slice(1).map(Number);
      const { explanation } = await execute(asks, await openPlanted({ splits, slow }), { threads: 2 }, setting);
      console.log(explanation.threads, explanation.notes.join('; '));`;
    const run = (splits: number, slow: number) =>
      execFileSync(process.execPath, ['--input-type=module', '-e', program, `${splits}`, `${slow}`], { cwd: root, encoding: 'utf8' });
    expect(run(2, 5)).toMatch(/^0 .*: all splits were taken before it paid to start [12] more worker threads?\n$/);
    expect(run(60, 20)).toMatch(/^1 .*: all splits were taken before it paid to start 1 more worker thread\n$/);
  });
});
