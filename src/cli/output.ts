import { isAbsolute, relative, resolve } from 'node:path';
import { saveTexts } from '../storage/save-texts.js';

/** Writes what `--out` asks for, all files or none; paths are relative to a folder. */
export async function writeOutputs(outputs: readonly { readonly path: string; readonly text: string }[], folder: string): Promise<void> {
  // As the user wrote them, so that messages say so.
  const named = (path: string) => (isAbsolute(path) ? path : relative('', resolve(folder, path)));
  await saveTexts(outputs.map(({ path, text }) => ({ path: named(path), text })));
}
