const encoder = new TextEncoder();

/**
 * What TRANSLATE makes of characters, as the kernel reads it: 8 bytes for each of ASCII, its bytes and how many, then 16
 * bytes for each of the `wide` others that change.
 */
export function translation(from: string, to: string): { bytes: Uint8Array; wide: number } {
  const target = Array.from(to);
  const map = new Map<string, string>();
  Array.from(from).forEach((c, i) => map.has(c) || map.set(c, target[i] ?? ''));
  const others = [...map].filter(([c]) => c.codePointAt(0)! > 127);
  const bytes = new Uint8Array(1024 + 16 * others.length);
  const view = new DataView(bytes.buffer);
  const write = (at: number, text: string): void => {
    const encoded = encoder.encode(text);
    bytes.set(encoded, at);
    view.setUint32(at + 4, encoded.length, true);
  };
  for (let code = 0; code < 128; ++code) {
    const c = String.fromCharCode(code);
    write(8 * code, map.get(c) ?? c);
  }
  others.forEach(([c, text], i) => {
    bytes.set(encoder.encode(c), 1024 + 16 * i);
    write(1024 + 16 * i + 8, text);
  });
  return { bytes, wide: others.length };
}
