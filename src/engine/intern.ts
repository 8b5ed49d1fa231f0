import type { Bound } from '../expression/bound.js';

/** Gives every distinct expression one object and one number, so that equal subtrees are recognised without looking inside. */
export class Interner {
  #known = new Map<string, Bound>();
  #ids = new Map<Bound, number>();

  /** The one object that stands for an expression; its arguments are such objects too. */
  bound(e: Bound): Bound {
    if (this.#ids.has(e)) return e;
    const args = e.kind === 'call' ? e.args.map((a) => this.bound(a)) : [];
    // Arguments enter the key by number: a nested text would be escaped again on each level.
    const key = JSON.stringify(
      e.kind === 'column' ? ['c', e.name, e.type]
      : e.kind === 'literal' ? ['l', e.type, e.value]
      : ['f', e.fn, e.type, e.zone ?? null, ...args.map((a) => this.#ids.get(a)!)],
    );
    let known = this.#known.get(key);
    if (!known) {
      known = e.kind === 'call' && args.some((a, i) => a !== e.args[i]) ? Object.freeze({ ...e, args }) : e;
      this.#known.set(key, known);
      this.#ids.set(known, this.#ids.size);
    }
    return known;
  }

  /** The number of an expression: equal for equal expressions. */
  id(e: Bound): number {
    return this.#ids.get(this.bound(e))!;
  }
}
