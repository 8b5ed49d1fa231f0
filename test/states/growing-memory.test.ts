import { expect, test } from 'vitest';
import { STRING } from '../../src/data/types.js';
import type { BatchView } from '../../src/expression/batch-view.js';
import { openKernels } from '../../src/kernels/kernels.js';
import { classes } from '../../src/states/classes.js';
import type { RecordSpec } from '../../src/states/contract.js';
import { extrema } from '../../src/states/extrema.js';
import { hll } from '../../src/states/hll.js';
import { texts } from '../../src/states/texts.js';
import { ask, column, plainColumn } from './batches.js';
import { openView } from '../../src/expression/view.js';

const text = column('t', STRING);
const length = { kind: 'call', fn: 'length', args: [text], type: { kind: 'int' } } as const;

// A memory that grows gets a new buffer, and views of the old one can no longer be read.
test.each([
  ['hll', hll, text], ['classes', classes, text], ['texts', texts, text], ['extrema', extrema, length],
] as const)('%s survives that the memory grows while it asks for texts', (_name, spec, input) => {
  const state = spec as RecordSpec<any, any>;
  const request = ask(state, [input], null);
  const kernels = openKernels(new WebAssembly.Memory({ initial: 1 }));
  const column = plainColumn(STRING, ['a', 'bb', null, '12']);
  const collect = (shared: boolean) => {
    const accumulator = state.open(request, kernels);
    const view = openView({ rows: 4, column: () => column }, kernels, shared ? new Set(['planted']) : undefined);
    const growing: BatchView = {
      ...view,
      sharesTexts: () => shared,
      texts(e, where) {
        kernels.memory.grow(1);
        return view.texts(e, where);
      },
    };
    accumulator.add(growing);
    view.close();
    return accumulator.finish();
  };
  expect(collect(true)).toEqual(collect(false));
});
