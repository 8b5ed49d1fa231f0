import { afterAll, expect, vi } from 'vitest';
import { Pieces } from '../../src/sources/parquet/pieces.js';

// Small pages in small pieces, by writers that refer back further than is kept, too: everything must be as in pages of one piece.
vi.mock('../../src/sources/parquet/sizes.js', () => ({ PIECE_BYTES: 300, LARGE_PAGE_BYTES: 350, FEED_BYTES: 70, SNAPPY_REACH: 900 }));

const opened = vi.spyOn(Pieces, 'open');
const more = vi.spyOn(Pieces.prototype, 'more');
afterAll(() => {
  console.log('pages that were unpacked in pieces:', opened.mock.calls.length, 'pieces:', more.mock.calls.length);
  expect(opened.mock.calls.length).toBeGreaterThan(300);
  expect(more.mock.calls.length).toBeGreaterThan(2 * opened.mock.calls.length);
});

await import('./parquet-laws.test.js');
await import('./parquet-pyarrow.test.js');
await import('./parquet-fuzz.test.js');
await import('./parquet-types.test.js');
