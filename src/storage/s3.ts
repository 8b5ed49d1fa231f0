import type { S3Client, S3ClientConfig } from '@aws-sdk/client-s3';
import { AssayError } from '../base/errors.js';
import { byPath, wholeContent, type Storage, type StoredObject } from './storage.js';

/** Where objects lie in S3, or in a service that speaks its protocol with conditional writes. */
export interface S3Place {
  readonly bucket: string;
  /** What the keys of all objects begin with, without the `/` behind it; none by default. */
  readonly prefix?: string | undefined;
  /** A client of the package `@aws-sdk/client-s3`; otherwise one is made from `config`. */
  readonly client?: S3Client | undefined;
  readonly config?: S3ClientConfig | undefined;
}

type Library = typeof import('@aws-sdk/client-s3');

/** A bucket, or a part of it, as a storage. Needs the peer `@aws-sdk/client-s3`. */
export function s3Storage({ bucket, prefix = '', client, config = {} }: S3Place): Storage {
  if (typeof bucket !== 'string' || bucket === '') {
    throw new AssayError('INVALID_ARGUMENT', "S3 needs the name of a bucket: { bucket: 'metrics', prefix: 'orders' }");
  }
  const start = prefix === '' ? '' : `${prefix.replace(/\/+$/, '')}/`;
  const place = (path: string) => `s3://${bucket}/${start}${path}`;
  let opened: Promise<{ s3: Library; send: S3Client }> | undefined;
  const open = () => (opened ??= load().then((s3) => ({ s3, send: client ?? new s3.S3Client(config) })));
  const unable = (verb: string, path: string, error: unknown) => {
    const { name = '', message = String(error) } = error as Error;
    return new AssayError('STORAGE', `cannot ${verb} '${place(path)}': ${name}: ${message}`, { cause: error });
  };
  return Object.freeze<Storage>({
    place,
    async read(path, range) {
      const { s3, send } = await open();
      if (range && range.to !== undefined && range.to <= range.from) return new Uint8Array(0);
      const bytes = range && `bytes=${range.from}-${range.to === undefined ? '' : range.to - 1}`;
      try {
        const got = await send.send(new s3.GetObjectCommand({ Bucket: bucket, Key: start + path, Range: bytes }));
        return new Uint8Array(await got.Body!.transformToByteArray());
      } catch (error) {
        if (statusOf(error) === 404) return null;
        if (statusOf(error) === 416) return new Uint8Array(0);
        throw unable('read', path, error);
      }
    },
    async stat(path) {
      const { s3, send } = await open();
      try {
        const head = await send.send(new s3.HeadObjectCommand({ Bucket: bucket, Key: start + path }));
        return { size: head.ContentLength ?? 0, version: head.ETag ?? '' };
      } catch (error) {
        if (statusOf(error) === 404) return null;
        throw unable('read', path, error);
      }
    },
    async list(folder) {
      const { s3, send } = await open();
      const found: StoredObject[] = [];
      const below = folder === '' ? start : `${start}${folder}/`;
      try {
        for (let token: string | undefined, more = true; more;) {
          const page = await send.send(
            new s3.ListObjectsV2Command({ Bucket: bucket, Prefix: below, ContinuationToken: token }),
          );
          for (const { Key } of page.Contents ?? []) if (Key) found.push({ path: Key.slice(start.length) });
          token = page.NextContinuationToken;
          more = page.IsTruncated === true && token !== undefined;
        }
      } catch (error) {
        throw unable('list', folder, error);
      }
      return found.sort(byPath);
    },
    async write(path, content, { ifAbsent = false, ifVersion } = {}) {
      const { s3, send } = await open();
      try {
        const put = await send.send(new s3.PutObjectCommand({
          Bucket: bucket, Key: start + path, Body: wholeContent(content),
          ...(ifAbsent ? { IfNoneMatch: '*' } : {}), ...(ifVersion === undefined ? {} : { IfMatch: ifVersion }),
        }));
        return put.ETag ?? '';
      } catch (error) {
        if ((ifAbsent || ifVersion !== undefined) && LOST.has(statusOf(error))) return null;
        throw unable('write', path, error);
      }
    },
    async remove(path) {
      const there = await this.stat(path);
      if (!there) return false;
      const { s3, send } = await open();
      try {
        await send.send(new s3.DeleteObjectCommand({ Bucket: bucket, Key: start + path }));
        return true;
      } catch (error) {
        throw unable('remove', path, error);
      }
    },
  });
}

/** What a conditional write meets whose condition does not hold: it is not so, somebody else writes, it is gone. */
const LOST = new Set([412, 409, 404]);

function statusOf(error: unknown): number {
  return (error as { $metadata?: { httpStatusCode?: number } }).$metadata?.httpStatusCode ?? 0;
}

async function load(): Promise<Library> {
  return import('@aws-sdk/client-s3').catch((cause: unknown) => {
    throw new AssayError(
      'UNSUPPORTED', 'S3 needs the package @aws-sdk/client-s3: npm install @aws-sdk/client-s3', { cause },
    );
  });
}
