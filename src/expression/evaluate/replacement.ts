import { AssayError } from '../../base/errors.js';
import type { Regex } from '../regex/regex.js';

/** What stands for a match: bytes, and numbers of groups whose text is put in. */
export type Replacement = readonly (Uint8Array | number)[];

const encoder = new TextEncoder();

/** A replacement as Java reads it: `$1`, `${name}`, `\x`. */
export function replacementOf(text: string, regex: Regex): Replacement {
  const parts: (Uint8Array | number)[] = [];
  let plain = '';
  const group = (index: number): void => {
    if (plain !== '') parts.push(encoder.encode(plain));
    plain = '';
    parts.push(index);
  };
  for (let i = 0; i < text.length; ++i) {
    const c = text[i]!;
    if (c === '\\') {
      if (++i === text.length) throw new AssayError('EVALUATION', `the replacement '${text}' ends with a backslash`);
      plain += text[i]!;
    } else if (c === '$') {
      const named = /^\{([A-Za-z][A-Za-z0-9]*)\}/.exec(text.slice(i + 1));
      if (named) {
        const index = regex.names.get(named[1]!);
        if (index === undefined) throw new AssayError('EVALUATION', `no group {${named[1]!}} in '${regex.source}'`);
        group(index);
        i += named[0].length;
        continue;
      }
      if (!/\d/.test(text[i + 1] ?? '')) throw new AssayError('EVALUATION', `illegal group reference in '${text}'`);
      let index = Number(text[++i]);
      if (index > regex.groups) throw new AssayError('EVALUATION', `no group ${index} in '${regex.source}'`);
      while (/\d/.test(text[i + 1] ?? '') && index * 10 + Number(text[i + 1]) <= regex.groups) {
        index = index * 10 + Number(text[++i]);
      }
      group(index);
    } else {
      plain += c;
    }
  }
  if (plain !== '') parts.push(encoder.encode(plain));
  return parts;
}
