import { kindOfPath } from '#platform';
import { AssayError } from '../base/errors.js';
import { saveTexts } from '../storage/save-texts.js';

/** Writes the texts whose files are named, all of them or none. */
export async function saveNamed(
  texts: readonly (readonly [path: string | undefined, text: () => string])[], overwrite: boolean,
): Promise<void> {
  const wanted = texts.flatMap(([path, text]) => (path === undefined ? [] : [{ path, text }]));
  for (const { path } of wanted) {
    if (overwrite || (await kindOfPath(path)) === null) continue;
    throw new AssayError('DUPLICATE', `'${path}' is there already: call overwritePreviousFiles(true) to replace it`);
  }
  await saveTexts(wanted.map(({ path, text }) => ({ path, text: text() })));
}
