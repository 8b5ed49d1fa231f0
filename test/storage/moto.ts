import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
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
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
server = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(server.port, flush=True)
server.serve_forever()
`;

/** Starts the server on a port that it chooses and says when it listens, with a bucket. */
export async function startS3(bucket: string): Promise<S3Server> {
  const child = spawn('python3', ['-c', SERVER], { stdio: ['ignore', 'pipe', 'ignore'] });
  const ended = once(child, 'exit').then(([code]) => Promise.reject(new Error(`the local S3 server ended with ${code}`)));
  const [said] = await Promise.race([once(child.stdout, 'data'), ended]) as [Buffer];
  ended.catch(() => {}); // by stop()
  const client = new S3Client({
    endpoint: `http://127.0.0.1:${Number(said.toString())}`, region: 'us-east-1', forcePathStyle: true,
    credentials: { accessKeyId: 'test', secretAccessKey: 'test' }, maxAttempts: 2,
  });
  const stop = () => {
    client.destroy();
    child.kill('SIGKILL');
  };
  try {
    await client.send(new CreateBucketCommand({ Bucket: bucket }));
    return { client, stop };
  } catch (error) {
    stop();
    throw error;
  }
}
