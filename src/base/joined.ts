type Numbers = Uint8Array | Int32Array | Float64Array;

/** Arrays one after the other, as one of their kind. */
export function joined<A extends Numbers>(kind: new (length: number) => A, parts: readonly ArrayLike<number>[]): A {
  const all = new kind(parts.reduce((sum, part) => sum + part.length, 0));
  put(all, parts);
  return all;
}

/** Puts arrays one after the other into one that has room for them. */
export function put(all: Numbers, parts: Iterable<ArrayLike<number>>): void {
  let at = 0;
  for (const part of parts) {
    all.set(part, at);
    at += part.length;
  }
}

/** All bytes of pieces that stay as they are. */
export async function collected(pieces: AsyncIterable<Uint8Array>): Promise<Uint8Array<ArrayBuffer>> {
  const kept: Uint8Array[] = [];
  for await (const piece of pieces) kept.push(piece);
  return joined(Uint8Array, kept);
}
