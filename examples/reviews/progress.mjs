// A progress bar on a terminal; nothing where the output is not one.

const WIDTH = 30;

/** Draws `label [####----] 42 % detail` in place; `end` removes it. */
export function progressBar(label, stream = process.stderr) {
  let drawn = 0;
  return {
    update(share, detail = '') {
      if (!stream.isTTY || (share < 1 && performance.now() - drawn < 50)) return;
      drawn = performance.now();
      const full = Math.round(Math.min(1, share) * WIDTH);
      stream.write(`\r\x1b[K${label} [${'█'.repeat(full)}${'░'.repeat(WIDTH - full)}] ${String(Math.floor(share * 100)).padStart(3)} % ${detail}`);
    },
    end() {
      if (stream.isTTY) stream.write('\r\x1b[K');
    },
  };
}
