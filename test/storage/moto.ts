import { execFileSync, spawn } from 'node:child_process';
import { createServer } from 'node:net';
import { S3Client, CreateBucketCommand } from '@aws-sdk/client-s3';

/** A local server that speaks S3; null: the Python package `moto[server]` is not installed. */
export interface S3Server {
  readonly client: S3Client;
  stop(): void;
}

/** Whether the server can be started; says so where it cannot. */
export function hasS3Server(): boolean {
  try {
    execFileSync('python3', ['-c', 'import moto.server, flask'], { stdio: 'ignore' });
    return true;
  } catch {
    console.log("tests over S3 are skipped: no local server (pip install 'moto[server]')");
    return false;
  }
}

/** One request at a time: in threads, moto's check of a condition and its write are not one step. */
const SERVER = `
import sys
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import run_simple
run_simple('127.0.0.1', int(sys.argv[1]), DomainDispatcherApplication(create_backend_app), threaded=False)
`;

/** Starts the server on a free port, with a bucket. */
export async function startS3(bucket: string): Promise<S3Server> {
  const port = await freePort();
  const child = spawn('python3', ['-c', SERVER, String(port)], { stdio: 'ignore' });
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${port}`, region: 'us-east-1', forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 2,
  });
  const stop = () => {
    client.destroy();
    child.kill('SIGKILL');
  };
  for (let tries = 0; ; ++tries) {
    try {
      await client.send(new CreateBucketCommand({ Bucket: bucket }));
      return { client, stop };
    } catch (error) {
      if (tries === 150) {
        stop();
        throw error;
      }
      await new Promise((resolve) => setTimeout(resolve, 100));
    }
  }
}

function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject).listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number };
      server.close(() => resolve(port));
    });
  });
}
