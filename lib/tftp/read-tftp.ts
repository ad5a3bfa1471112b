/** Reads a file as a host's firmware does, for diagnosis and tests (RFC 1350). */

import { createClient } from 'tftp';
import { OperatorError } from '../errors.ts';

export type TftpFile = {
  readonly host: string;
  /** 69 when absent. */
  readonly port?: number;
  /** Relative to the server's directory. */
  readonly path: string;
  /** No more is read; what lies after it is not fetched. */
  readonly mostBytes: number;
  /** How long each of three tries waits for an answer. */
  readonly timeoutMs: number;
};

/**
 * The file's content, at most `mostBytes` of it. Throws `not-found` when the server says that there is no such file,
 * `connection-failed` for silence and other refusals.
 */
export async function readTftp(file: TftpFile): Promise<Buffer> {
  const { host, mostBytes, path, timeoutMs } = file;
  const client = createClient({ host, port: file.port ?? 69, retries: 3, timeout: timeoutMs });
  const stream = client.createGetStream(path);
  const chunks: Buffer[] = [];
  let sizeBytes = 0;
  try {
    await new Promise<void>((resolve, reject) => {
      stream.on('data', (chunk: Buffer) => {
        chunks.push(chunk);
        sizeBytes += chunk.length;
        if (sizeBytes >= mostBytes) stream.abort();
      });
      stream.once('abort', resolve);
      stream.once('end', resolve);
      stream.on('error', reject);
    });
  } catch (cause) {
    throw tftpError(file, cause);
  }
  return Buffer.concat(chunks).subarray(0, mostBytes);
}

function tftpError({ host, path }: TftpFile, cause: unknown): OperatorError {
  // The package drops the code of the server's ERROR packet and keeps its text only.
  const missing = cause instanceof Error && /not found|no such file|ENOENT/i.test(cause.message);
  return new OperatorError({
    code: missing ? 'not-found' : 'connection-failed',
    message: `reading ${path} from ${host} by TFTP`,
    hint: missing
      ? 'See whether the file is in the TFTP directory and readable by everybody.'
      : 'See whether the TFTP server runs, and whether a firewall rule stops UDP 69.',
    cause,
  });
}
