import { describe, expect, it } from 'vitest';
import { Check, atLeast, equals } from '../../src/index.js';
import { matchers } from '../../src/matchers.js';
import { orders } from './verify.js';

expect.extend(matchers);

const fine = Check('Error', 'fine').hasSize(equals(4)).isComplete('id');
const odd = Check('Warning', 'odd').isComplete('price', 'ask the shop');
const bad = Check('Error', 'bad').isUnique('id').hasMin('prize', atLeast(0));

async function messageOf(expecting: Promise<unknown>): Promise<string> {
  return expecting.then(() => 'it passed', (error: Error) => error.message);
}

describe('expect(table).toPass(check)', () => {
  it('passes what passes', async () => {
    await expect(orders).toPass(fine);
    await expect(orders).toPass([fine, odd], { level: 'Error' });
    await expect(orders).not.toPass(bad);
    await expect(orders).toPass(Check('Error', 'sql').customSql('SELECT count(*) FROM t', equals(4)), { name: 't' });
    await expect([{ id: 1 }]).toPass(Check('Error', 'same').doesDatasetMatch('copy', { id: 'id' }, equals(1)), { sources: { copy: [{ id: 1 }] } });
  });

  it('says what failed, as a table', async () => {
    const message = await messageOf(expect(orders).toPass([fine, bad, odd]));
    expect(message).toContain("expected the table to pass 'fine', 'bad', 'odd'\n\n");
    expect(message).toContain('│ ✗ failed │ Uniqueness(id) ');
    expect(message).toContain('column \'prize\' not found; did you mean \'price\'?');
    expect(message).toContain('ask the shop');
    expect(message).toContain('Verification: Error (5 constraints, 2 failed, 1 error)');
    expect(await messageOf(expect(orders).toPass(odd))).toContain('Verification: Warning');
    expect(await messageOf(expect(orders).not.toPass(fine))).toContain("expected the table not to pass 'fine', but it did");
  });

  it('takes the options of a run', async () => {
    const empty = Check('Error', 'empty').isComplete('id').where('false');
    await expect(orders).toPass(empty, { threads: 0 });
    await expect(orders).not.toPass(empty, { strict: true });
  });

  it('refuses what is no check', async () => {
    expect(await messageOf(expect(orders).toPass('fine' as never))).toMatch(/toPass takes a check/);
    expect(await messageOf(expect(orders).not.toPass([]))).toMatch(/not none/);
  });
});
