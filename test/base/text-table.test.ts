import Reference from 'cli-table3';
import fc from 'fast-check';
import stringWidth from 'string-width';
import { describe, expect, test } from 'vitest';
import { textTable } from '../../src/base/text-table.js';
import { oneLine, textWidth } from '../../src/base/text-width.js';

const words = fc.constantFrom(
  'plain', 'é', 'e\u0301', 'ü€', '日本語', 'ｶﾀｶﾅ', 'カタカナ', '한국어', 'ﾊﾟ', '（全角）', '　', '！', '😀', '👨‍👩‍👧', '🇩🇪', '❤️', '❤', '1️⃣', '☕', '™', '…', 'Ж', 'ا', 'क्षि', '\u200b', '\u00ad', 'ー', '・', '〽', '1', ' ',
);
const texts = fc.array(words, { maxLength: 8 }).map((parts) => parts.join(''));

describe('widths of texts', () => {
  test('are those of string-width', () => {
    fc.assert(fc.property(texts, (text) => {
      expect(textWidth(text)).toBe(stringWidth(text));
    }), { numRuns: 2000 });
  });

  test('of every character of the blocks that are in use, jamo apart', () => {
    const blocks = [[0x20, 0x10ff, 1], [0x1200, 0x2e7f, 1], [0x3000, 0x312f, 1], [0x3400, 0x4dbf, 31], [0x4e00, 0x9fff, 31], [0xac00, 0xd7a3, 31], [0xf900, 0xfa6d, 1], [0xfa70, 0xfad9, 1], [0xff00, 0xffef, 1]] as const;
    const wrong: string[] = [];
    for (const [from, to, step] of blocks) {
      for (let c = from; c <= to; c += step) {
        const text = String.fromCharCode(c);
        if (textWidth(text) !== stringWidth(text)) wrong.push(c.toString(16));
      }
    }
    expect(wrong.join(' ')).toBe('');
  });

  test('a line is cut between characters, to at most the cells there are', () => {
    fc.assert(fc.property(texts, fc.integer({ min: 1, max: 12 }), (text, widest) => {
      const line = oneLine(text, widest);
      expect(textWidth(line)).toBeLessThanOrEqual(widest);
      expect(line.endsWith('…') || line === text.replace(/\s+/g, ' ').trim()).toBe(true);
    }));
    expect(oneLine('a\n  b', 9)).toBe('a b');
    expect(oneLine('日本語', 4)).toBe('日…');
  });
});

test('tables look like those of cli-table3', () => {
  const cells = fc.string({ maxLength: 20, unit: 'grapheme-ascii' }).map((text) => text.trim());
  fc.assert(fc.property(fc.array(fc.tuple(cells, cells), { maxLength: 5 }), (rows) => {
    const reference = new Reference({ head: ['name', 'much'], colAligns: ['left', 'right'], style: { head: [], border: [], compact: true } });
    reference.push(...rows.map((row) => row.map((cell) => cell.replace(/\s+/g, ' '))));
    expect(textTable([{ head: 'name' }, { head: 'much', align: 'right' }], rows)).toBe(reference.toString());
  }));
});

test('a table without rows has its head', () => {
  expect(textTable([{ head: 'a' }, { head: 'bc' }], [])).toBe('┌───┬────┐\n│ a │ bc │\n└───┴────┘');
});
