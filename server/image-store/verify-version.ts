/** Verifies a stored version: reads every byte again and compares it with what was captured. */

import { createHash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { lstat, readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { streamsOf, type ImageStream } from '../../lib/model/image.ts';
import type { Sha256 } from '../../lib/model/names.ts';
import type { Bytes } from '../../lib/units.ts';
import { systemCodeOf } from '../store/durable-write.ts';
import { MANIFEST_NAME, parseManifest } from './manifest-file.ts';
import { message } from '../../lib/model/messages/table.ts';
import type { Message } from '../../lib/model/message.ts';

/** One finding; `file` is a name in the version's directory. */
export type ImageProblem = { readonly file: string; readonly problem: Message };

/** The version is sound when there is no problem. */
export type VerifyResult = {
  readonly filesChecked: number;
  readonly bytesChecked: Bytes;
  readonly problems: ImageProblem[];
};

export type VerifyProgress = (progress: {
  readonly doneBytes: Bytes;
  readonly totalBytes: Bytes;
}) => void;

const READ_BYTES = 1024 * 1024;

/**
 * Compares all files of the version at `directory` with its manifest, and that with its recorded SHA-256. Without
 * a sound manifest nothing can be said of the streams, so it is then the only problem. What cannot be read is a
 * problem, not an error: it never throws for the state of the files.
 */
export async function verifyVersion(
  directory: string,
  manifestSha256: Sha256,
  onProgress: VerifyProgress,
): Promise<VerifyResult> {
  const manifestBytes = await attempt(() => readFile(join(directory, MANIFEST_NAME)));
  if (manifestBytes.type === 'failed') {
    const { problem } = manifestBytes;
    return { filesChecked: 0, bytesChecked: 0, problems: [{ file: MANIFEST_NAME, problem }] };
  }
  const manifest = parseManifest(manifestBytes.value, manifestSha256);
  const problems: ImageProblem[] = [];
  let bytesChecked = manifestBytes.value.length;
  if (manifest.type !== 'good') {
    const problem =
      manifest.type === 'newer'
        ? message('file.unknown-format', { version: manifest.formatVersion })
        : message('file.manifest-damaged', { said: manifest.cause.message });
    return { filesChecked: 1, bytesChecked, problems: [{ file: MANIFEST_NAME, problem }] };
  }
  const streams = streamsOf(manifest.manifest);
  const totalBytes = streams.reduce((sum, { sizeBytes }) => sum + sizeBytes, bytesChecked);
  onProgress({ doneBytes: bytesChecked, totalBytes });
  let filesChecked = 1;
  for (const stream of streams) {
    const checked = await attempt(() =>
      checkStream(join(directory, stream.name), stream, (bytes) => {
        bytesChecked += bytes;
        onProgress({ doneBytes: bytesChecked, totalBytes });
      }),
    );
    const problem = checked.type === 'failed' ? checked.problem : checked.value;
    if (problem !== null) problems.push({ file: stream.name, problem });
    if (problem !== MISSING) filesChecked += 1;
  }
  const known = new Set([MANIFEST_NAME, ...streams.map(({ name }) => name)]);
  const present = await attempt(() => readdir(directory));
  if (present.type === 'failed') problems.push({ file: '.', problem: present.problem });
  else {
    for (const file of present.value.filter((name) => !known.has(name)).sort()) {
      problems.push({ file, problem: message('file.foreign') });
    }
  }
  return { filesChecked, bytesChecked, problems };
}

const MISSING = message('file.missing');

type Attempt<T> = { type: 'done'; value: T } | { type: 'failed'; problem: Message };

/** Errors of the system become problems; the others are bugs. */
async function attempt<T>(action: () => Promise<T>): Promise<Attempt<T>> {
  try {
    return { type: 'done', value: await action() };
  } catch (error) {
    const code = systemCodeOf(error);
    if (code === undefined || !(error instanceof Error)) throw error;
    const problem =
      code === 'ENOENT' ? MISSING : message('file.unreadable', { said: error.message });
    return { type: 'failed', problem };
  }
}

/** What is wrong with the file, or null. */
async function checkStream(
  path: string,
  expected: ImageStream,
  onBytes: (bytes: Bytes) => void,
): Promise<Message | null> {
  const found = await lstat(path);
  if (!found.isFile()) return message('file.not-regular');
  if (found.size !== expected.sizeBytes) {
    return message('file.wrong-size', {
      foundBytes: found.size,
      expectedBytes: expected.sizeBytes,
    });
  }
  const hash = createHash('sha256');
  for await (const chunk of createReadStream(path, { highWaterMark: READ_BYTES })) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('a file was read as text');
    hash.update(chunk);
    onBytes(chunk.length);
  }
  const sha256 = hash.digest('hex');
  return sha256 === expected.sha256
    ? null
    : message('file.wrong-hash', { found: sha256, expected: expected.sha256 });
}
