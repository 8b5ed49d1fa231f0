import { kindOfPath, openOutput, publish, type OutputFile } from '#platform';
import { AssayError } from '../base/errors.js';

/** Writes texts as files, all of them or none. */
export async function saveTexts(
  texts: readonly (readonly [path: string | undefined, text: () => string])[], overwrite: boolean,
): Promise<void> {
  const wanted = texts.flatMap(([path, text]) => (path === undefined ? [] : [{ path, text }]));
  for (const { path } of wanted) {
    if (overwrite || (await kindOfPath(path)) === null) continue;
    throw new AssayError('DUPLICATE', `'${path}' is there already: call overwritePreviousFiles(true) to replace it`);
  }
  const files: OutputFile[] = [];
  try {
    for (const { path, text } of wanted) {
      const file = await openOutput(path);
      files.push(file);
      await file.write(new TextEncoder().encode(text()));
      await file.finish();
    }
    await publish(files);
  } finally {
    for (const file of files) await file.discard();
  }
}
