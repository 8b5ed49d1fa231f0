// East Asian Width W and F, by scripts and blocks: regular expressions have no property for it.
const SCRIPTS = ['Han', 'Hiragana', 'Katakana', 'Hangul', 'Bopomofo', 'Yi', 'Tangut']
  .map((name) => `\\p{Script=${name}}`).join('');
const BLOCKS = '\u2329\u232a\u2630-\u2637\u268a-\u268f\u3000-\u303e\u309b\u309c\u30a0\u30fb\u30fc'
  + '\uff01-\uff60\uffe0-\uffe6';
const WIDE = new RegExp(`[${SCRIPTS}${BLOCKS}\\p{Emoji_Presentation}]`, 'u');
const HALF = /[\u02ea\u02eb\uff61-\uffdc\uffe8-\uffee]/;
const NOTHING = /^[\p{Default_Ignorable_Code_Point}\p{Control}\p{Format}\p{Mn}\p{Me}\p{Surrogate}]*/u;
const ADDED = /[\p{Spacing_Mark}\uff00-\uffef]/gu; // what takes a cell of its own behind the first of its character
const EMOJI = /^(?:\p{Emoji}\ufe0f|\p{Emoji}.*\u20e3|\p{Regional_Indicator}{2})/u;

// Latin, punctuation, signs and boxes that take one cell each: no need for the segmenter, whose first use takes long.
const SIMPLE = /^[\x20-\x7e\xa1-\xa8\xaa-\xac\xaf-\u02e9\u2010-\u2027\u2190-\u2193\u2200-\u22ff\u2500-\u257f\u2713\u2717]*$/;

let segmenter: Intl.Segmenter | undefined;

/** The characters of a text as a reader counts them. */
function graphemes(text: string): string[] {
  segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' });
  return Array.from(segmenter.segment(text), (s) => s.segment);
}

/** How many cells of a terminal a text takes: wide characters and emoji take two, marks none. */
export function textWidth(text: string): number {
  if (SIMPLE.test(text)) return text.length;
  let width = 0;
  for (const grapheme of graphemes(text)) {
    const visible = grapheme.replace(NOTHING, '');
    if (visible === '') continue;
    const first = String.fromCodePoint(visible.codePointAt(0)!);
    if (EMOJI.test(grapheme)) {
      width += 2;
      continue;
    }
    width += WIDE.test(first) && !HALF.test(first) ? 2 : 1;
    width += visible.slice(first.length).match(ADDED)?.length ?? 0;
  }
  return width;
}

/** A text as one line of at most so many cells, with an ellipsis where it was cut. */
export function oneLine(text: string, widest: number): string {
  const line = text.replace(/\s+/g, ' ').trim();
  if (SIMPLE.test(line)) return line.length <= widest ? line : `${line.slice(0, widest - 1)}…`;
  if (textWidth(line) <= widest) return line;
  let kept = '';
  let width = 1;
  for (const grapheme of graphemes(line)) {
    width += textWidth(grapheme);
    if (width > widest) break;
    kept += grapheme;
  }
  return `${kept}…`;
}
