import { describe, expect, test } from 'vitest';
import { textTable } from '../../src/base/text-table.js';
import { fitTables } from '../../src/cli/fit-tables.js';

const wide = (text: string) => Math.max(...text.split('\n').map((line) => line.length));

describe('a table on a terminal', () => {
  const verdicts = `Reviews\n${textTable(
    [{ head: 'outcome' }, { head: 'constraint' }, { head: 'value', align: 'right' }, { head: 'note' }],
    [['✓ passed', 'Completeness(a)', '1', ''], ['! error', 'Completeness(b)', '', `column 'b' not found${'; columns: a'.repeat(3)}`]],
  )}\n\nVerification: Error`;

  test('stays as it is where it fits', () => {
    expect(fitTables(verdicts, 200)).toBe(verdicts);
    expect(fitTables(verdicts, wide(verdicts))).toBe(verdicts);
  });

  test('has its texts cut where they do not', () => {
    const shown = fitTables(verdicts, 64);
    expect(wide(shown)).toBe(64);
    expect(shown).toContain("│ ! error  │ Completeness(b) │       │ column 'b' n");
    expect(shown).toMatch(/…\s+│$/m);
    expect(shown.startsWith('Reviews\n┌')).toBe(true);
    expect(shown.endsWith('┘\n\nVerification: Error')).toBe(true);
    expect(shown.split('\n')).toHaveLength(verdicts.split('\n').length);
  });

  test('goes on below where numbers do not fit, each part with the first column', () => {
    const names = ['minimum', 'median', 'maximum', 'mean', 'zeros'];
    const numbers = textTable(
      [{ head: 'column' }, ...names.map((head) => ({ head, align: 'right' as const }))], [['price', '1.25', '23.75', '4,123.5', '52.326653', '0'], ['名前', '1', '2', '3', '4', '5']],
    );
    const shown = fitTables(numbers, 40);
    expect(wide(shown)).toBeLessThanOrEqual(40);
    expect(shown.match(/^│ column │/gm)!.length).toBe(2);
    expect(shown.match(/^│ price  │/gm)!.length).toBe(2);
    expect(shown.match(/^│ 名前   │/gm)!.length).toBe(2);
    for (const name of names) expect(shown).toContain(` ${name} │`);
    expect(shown).toContain('│ 52.326653 │');
  });

  test('is left alone where a wide cell holds an edge', () => {
    const odd = textTable([{ head: 'a' }, { head: 'b' }], [['名│前', 'x'.repeat(50)]]);
    expect(fitTables(odd, 30)).toBe(odd);
  });
});
