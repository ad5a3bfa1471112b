/** Sends one stream to the server: hashed on both sides, and only called sent when both agree. */

import { createHash } from 'node:crypto';
import type { ClientRequest, IncomingMessage } from 'node:http';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import type { Pipeline } from '../../lib/exec/pipeline.ts';
import type { CapturedDisk } from '../../lib/model/image.ts';
import type { RunId, RunToken } from '../../lib/model/ids.ts';
import { Count } from '../../lib/model/count.ts';
import { Sha256 } from '../../lib/model/names.ts';
import { DATA_PATH, TOKEN_HEADER } from '../../lib/protocol/version.ts';
import type { Bytes } from '../../lib/units.ts';
import type { ServerLink } from '../server-link.ts';
import { readAnswerError } from './unicast-receiver.ts';

const Receipt = z.object({ sizeBytes: Count, sha256: Sha256 });
export type Receipt = z.infer<typeof Receipt>;

/**
 * Sends what `pipeline` puts out as the stream `name` of the run. The request is only completed when every stage of
 * the pipeline has ended well, so that the server never takes a cut-off stream for a whole one. Throws what the
 * pipeline failed with, the server's error, `stream-broken` when the connection failed (it may be tried again), or
 * `hash-mismatch`.
 */
export async function uploadStream(
  link: ServerLink,
  target: { readonly runId: RunId; readonly token: RunToken; readonly name: string },
  pipeline: Pipeline,
  onBytes: (sentBytes: Bytes) => void,
): Promise<Receipt> {
  const request = link.requestData({
    method: 'PUT',
    path: `${DATA_PATH}${target.runId}/streams/${target.name}`,
    headers: { [TOKEN_HEADER]: target.token, 'content-type': 'application/octet-stream' },
  });
  const answered = answerOf(request, target.name);
  answered.catch(() => undefined);
  const hash = createHash('sha256');
  let sentBytes = 0;
  try {
    if (pipeline.output === null) throw new TypeError('a pipeline that gives no data');
    for await (const chunk of pipeline.output) {
      if (!Buffer.isBuffer(chunk)) throw new TypeError('a pipeline was read as text');
      hash.update(chunk);
      sentBytes += chunk.length;
      if (!request.write(chunk)) await Promise.race([drained(request), answered]);
      if (request.destroyed) await answered;
      onBytes(sentBytes);
    }
    await pipeline.finished;
    request.end();
    const receipt = await answered;
    if (receipt.sha256 !== hash.digest('hex') || receipt.sizeBytes !== sentBytes) {
      throw wrongBytes(target.name);
    }
    return receipt;
  } catch (error) {
    request.destroy();
    pipeline.kill('SIGKILL');
    throw error;
  }
}

/** Sends what is known of the whole image, when all its streams are sent. Throws as uploadStream does. */
export async function uploadDescription(
  link: ServerLink,
  target: { readonly runId: RunId; readonly token: RunToken },
  image: CapturedDisk,
): Promise<void> {
  const body = Buffer.from(JSON.stringify(image));
  const request = link.requestData({
    method: 'PUT',
    path: `${DATA_PATH}${target.runId}/description`,
    headers: {
      [TOKEN_HEADER]: target.token,
      'content-type': 'application/json',
      'content-length': body.length,
    },
  });
  const answered = answerOf(request, 'description');
  request.end(body);
  const receipt = await answered;
  if (receipt.sha256 === createHash('sha256').update(body).digest('hex')) return;
  throw wrongBytes('description');
}

function wrongBytes(name: string): OperatorError {
  return new OperatorError({
    code: 'hash-mismatch',
    message: `sending the stream ${name}: the server received other bytes than were sent`,
    hint: 'Test the memory and the network card of this host and of the server, then capture again.',
  });
}

async function answerOf(request: ClientRequest, name: string): Promise<Receipt> {
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.on('error', (cause) => {
      reject(
        new OperatorError({
          code: 'stream-broken',
          message: `sending the stream ${name} to the server`,
          hint: 'See whether the server runs and the network is up, then capture again.',
          cause,
        }),
      );
    });
  });
  if (response.statusCode !== 200) throw await readAnswerError(response);
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  }
  return Receipt.parse(JSON.parse(Buffer.concat(chunks).toString('utf8')));
}

async function drained(request: ClientRequest): Promise<void> {
  return new Promise((resolve) => {
    const done = (): void => {
      request.off('drain', done);
      request.off('close', done);
      resolve();
    };
    request.on('drain', done);
    request.on('close', done);
  });
}
