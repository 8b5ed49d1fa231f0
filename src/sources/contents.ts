import { locate } from './paths.js';

/** Bytes that lie where a label says. */
export interface Content {
  readonly label: string;
  /** The `key=value` folders between it and the folder that was asked for. */
  readonly folders: readonly string[];
  /** A path or URL, or the bytes as a Blob. */
  readonly from: string | Blob;
}

/** What a path, a glob pattern, a folder, a URL, a Blob or bytes stand for; null: it is nothing of that kind. */
export async function givenContents(input: unknown, label: string): Promise<readonly Content[] | null> {
  if (input instanceof URL && input.protocol !== 'file:') return [{ label, folders: [], from: input.href }];
  if (typeof input === 'string' || input instanceof URL) {
    const path = typeof input === 'string' ? input : decodeURIComponent(input.pathname);
    return (await locate([path])).map((file) => ({ label: file.path, folders: file.folders, from: file.path }));
  }
  if (input instanceof Blob) return [{ label, folders: [], from: input }];
  if (input instanceof ArrayBuffer || ArrayBuffer.isView(input)) {
    return [{ label, folders: [], from: new Blob([input as BlobPart]) }];
  }
  return null;
}

/** What messages call an input: its path, URL or name; `otherwise`: what has none of these. */
export function inputLabel(input: unknown, otherwise: string): string {
  if (typeof input === 'string') return input;
  if (input instanceof URL) return input.href;
  return typeof File !== 'undefined' && input instanceof File ? input.name : otherwise;
}
