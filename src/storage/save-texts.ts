import { openOutput, publish, type OutputFile } from '#platform';

/**
 * Writes texts as files that appear together when they are whole and on the disk; if one cannot be written, none
 * appears.
 */
export async function saveTexts(texts: readonly { readonly path: string; readonly text: string }[]): Promise<void> {
  const files: OutputFile[] = [];
  try {
    for (const { path, text } of texts) {
      const file = await openOutput(path);
      files.push(file);
      await file.write(new TextEncoder().encode(text));
      await file.finish();
    }
    await publish(files);
  } finally {
    for (const file of files) await file.discard();
  }
}
