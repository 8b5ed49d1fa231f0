import type { CharSet } from './char-set.js';
import { UNLIMITED, type Node, type Parsed, type Place } from './nodes.js';
import { Op, Repeat, Whole, type Program } from './ops.js';
import { setTable, type SetTable } from './set-table.js';
import { mannerOf } from './study.js';

const PLACES: readonly Place[] = [
  'begin', 'end', 'lastMatch', 'lineBegin', 'lineEnd', 'dollar', 'unixLineBegin', 'unixLineEnd', 'unixDollar',
  'boundary', 'noBoundary', 'unicodeBoundary', 'unicodeNoBoundary',
];
const MODES = { greedy: Repeat.Greedy, lazy: Repeat.Lazy, possessive: Repeat.Possessive };
const FOLDS = { none: 0, ascii: 1, unicode: 2 };

/** Translates a pattern so that it runs as Java runs it. */
export function assemble(parsed: Parsed): Program {
  const code: number[] = [];
  const sets: SetTable[] = [];
  const known = new Map<string, number>();
  let locals = 0;
  let memos = 0;
  let rewrites = false;
  let leaks = false;
  let inside = 0; // how many things around are matched as a whole

  const setIndex = (set: CharSet): number => {
    const key = set.join();
    let index = known.get(key);
    if (index === undefined) {
      known.set(key, (index = sets.length));
      sets.push(setTable(set));
    }
    return index;
  };

  /** `top`: not inside of a repetition or look-behind, so that places where a loop failed may be remembered. */
  const emit = (node: Node, top: boolean): void => {
    switch (node.kind) {
      case 'set':
        if (node.set.length === 2 && node.set[0] === node.set[1] && node.set[0]! < 128) {
          code.push(Op.Byte, node.set[0]!);
        } else {
          code.push(Op.Set, setIndex(node.set));
        }
        return;
      case 'sequence':
        for (const part of node.nodes) emit(part, top);
        return;
      case 'choice':
        return choice(node.nodes, top);
      case 'group':
        if (node.index === 0) return emit(node.body, top);
        return group(node, locals++, top);
      case 'atomic':
        return whole(Whole.Atomic, node.body, top);
      case 'ahead':
        return whole(node.negative ? Whole.NotAhead : Whole.Ahead, node.body, top);
      case 'behind': {
        // Java's sum of lengths may overflow: then the look-behind works only where that many characters precede, and
        // without a limit.
        const least = node.max < 0 ? UNLIMITED + node.max + 1 : 0;
        code.push(Op.Behind, node.negative ? 1 : 0, node.min, node.max < 0 ? UNLIMITED : node.max, 0, least);
        const next = code.length - 2;
        inside++;
        emit(node.body, false);
        inside--;
        code.push(Op.Accept);
        code[next] = code.length;
        return;
      }
      case 'reference':
        code.push(Op.Reference, node.group, FOLDS[node.fold]);
        return;
      case 'place':
        code.push(Op.At, PLACES.indexOf(node.place));
        return;
      case 'lineBreak':
        code.push(Op.LineBreak);
        return;
      case 'repeat':
        return repeat(node, top);
    }
  };

  const choice = (nodes: readonly Node[], top: boolean): void => {
    const ends: number[] = [];
    nodes.forEach((node, i) => {
      const last = i === nodes.length - 1;
      if (!last) code.push(Op.Later, 0);
      const later = code.length - 1;
      emit(node, top);
      if (last) return;
      code.push(Op.Jump, 0);
      ends.push(code.length - 1);
      code[later] = code.length;
    });
    for (const end of ends) code[end] = code.length;
  };

  const group = (node: Node & { kind: 'group' }, local: number, top: boolean): void => {
    if (inside > 0 && node.index > 0) leaks = true;
    code.push(Op.Local, local, -1);
    emit(node.body, top);
    if (node.index > 0) code.push(Op.Tail, local, node.index);
  };

  const whole = (kind: number, body: Node, top: boolean): void => {
    code.push(Op.Enter, kind, 0);
    const next = code.length - 1;
    inside++;
    emit(body, top);
    inside--;
    code.push(Op.Accept);
    code[next] = code.length;
  };

  /** What may be left out: tried first if greedy, last if lazy. */
  const optional = (lazy: boolean, body: () => void): void => {
    code.push(Op.Later, 0);
    const later = code.length - 1;
    if (lazy) {
      code.push(Op.Jump, 0);
      const jump = code.length - 1;
      code[later] = code.length;
      body();
      code[jump] = code.length;
    } else {
      body();
      code[later] = code.length;
    }
  };

  const repeat = (node: Node & { kind: 'repeat' }, top: boolean): void => {
    const { body, min, max, mode } = node;
    const manner = mannerOf(node);
    if (manner === 'set') {
      const { set } = body as Node & { kind: 'set' };
      code.push(Op.Run, setIndex(set), min, max, MODES[mode]);
    } else if (manner === 'branch') {
      optional(mode === 'lazy', () => emit(body, false));
    } else if (manner === 'loop') {
      loop(node, top);
    } else if (min === 0 && max === 1) {
      if (mode === 'possessive') whole(Whole.Optional, body, body.kind !== 'group' && top);
      else optional(mode === 'lazy', () => whole(Whole.Atomic, body, body.kind !== 'group' && top));
    } else {
      curly(node, manner === 'groups', top);
    }
  };

  const curly = (node: Node & { kind: 'repeat' }, inGroup: boolean, top: boolean): void => {
    const { body, min, max } = node;
    const mode = MODES[node.mode];
    const captured = inGroup && body.kind === 'group' ? body.index : 0;
    if (inside > 0 && captured > 0) leaks = true;
    const count = locals++;
    code.push(Op.Local, count, 0);
    const head = code.length;
    code.push(Op.Curly, count, min, max, mode, 0, Op.CurlyEnter, 0);
    inside++;
    if (inGroup && body.kind === 'group') emit(body.body, false);
    else emit(body, body.kind !== 'group' && top);
    inside--;
    code.push(Op.Accept);
    code[head + 7] = code.length;
    // After a turn without a character all others are the same, unless they ask for what this one has captured.
    const same = parsed.hasReference ? 0 : 1;
    code.push(Op.CurlyNext, count, min, mode, captured, 0, head, same);
    const next = code.length;
    code[head + 5] = next;
    if (captured > 0 && mode === Repeat.Greedy) {
      code.push(Op.CurlyOut, count, min, captured);
      rewrites = true;
    }
    code[next - 3] = code.length;
  };

  const loop = (node: Node & { kind: 'repeat' }, top: boolean): void => {
    const { min, max, mode } = node;
    const body = node.body as Node & { kind: 'group' };
    const lazy = mode === 'lazy' ? 1 : 0;
    const count = locals++;
    const begin = locals++;
    const memo = top && !lazy && max === UNLIMITED && !parsed.hasReference ? memos++ : -1;
    code.push(Op.Local, count, 1);
    const exits: number[] = [];
    const toExit = (op: number) => exits.push(code.push(op, 0) - 1);
    if (max === 0) toExit(Op.Jump);
    else if (min === 0 && !lazy) toExit(Op.Later);
    else if (min === 0) {
      code.push(Op.Later, code.length + 4);
      toExit(Op.Jump);
    }
    const start = code.length;
    group(body, begin, false);
    code.push(Op.Loop, count, begin, min, max, lazy, 0, memo, Op.Again, count, start);
    exits.push(code.length - 5);
    for (const exit of exits) code[exit] = code.length;
  };

  emit(parsed.root, true);
  code.push(Op.Match);
  const { source, groups } = parsed;
  return { source, code: Int32Array.from(code), sets, groups, locals, memos, rewrites, leaks };
}
