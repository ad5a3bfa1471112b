/** HTTPS beside the engines' calls: image data in (capture) and out (unicast deploy), opened by a run's token only. */

import { createReadStream } from 'node:fs';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { describeError, OperatorError, toReport } from '../../lib/errors.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import { RunId } from '../../lib/model/ids.ts';
import { DATA_PATH, TOKEN_HEADER } from '../../lib/protocol/version.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import { quotaBytesOf } from '../image-store/quota.ts';
import type { ReceivedBytes } from '../image-store/receive-bytes.ts';
import type { Log } from '../../lib/log.ts';
import type { Refusals } from '../net/refusals.ts';
import { plainAddress } from '../net/web-sockets.ts';
import { planTransmission, type Transmission } from '../sessions/transmission.ts';
import type { Store } from '../store/store.ts';
import { capturedDiskBytes } from '../tasks/captures.ts';
import type { DataAccess } from '../tasks/data-access.ts';
import { loadImage } from '../tasks/operations/load-image.ts';

export type DataChannelOptions = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly dataAccess: DataAccess;
  readonly refusals: Refusals;
  readonly log: Log;
  /** A token has opened the data of a run. */
  readonly onKnown: () => void;
};

/** More than enough for an answer to come back. */
const LINGER_MS = 10_000;

type DataRequest =
  | { readonly type: 'upload'; readonly runId: RunId; readonly name: string }
  | { readonly type: 'description'; readonly runId: RunId }
  | { readonly type: 'session'; readonly runId: RunId };

/** Answers one request; never throws. An error is answered as an ErrorReport in JSON. */
export async function answerData(
  request: IncomingMessage,
  response: ServerResponse,
  options: DataChannelOptions,
): Promise<void> {
  try {
    const wanted = parseRequest(request);
    const token = request.headers[TOKEN_HEADER];
    const given = typeof token === 'string' ? token : '';
    if (wanted.type === 'upload') await takeUpload(request, response, wanted, given, options);
    else if (wanted.type === 'description')
      await takeDescription(request, response, wanted.runId, given, options);
    else await sendSession(response, wanted.runId, given, options);
  } catch (error) {
    const report = toReport(error);
    const { code } = report;
    const reason = describeError(report);
    const address = plainAddress(request.socket.remoteAddress ?? '');
    options.refusals.note('data-refused', address, { url: request.url, code, reason });
    if (code === 'internal-error') options.log.error({ event: 'fault', error }, 'data channel');
    if (response.headersSent) {
      // Part of a body is out: only breaking the connection tells the other side.
      response.destroy();
    } else {
      const { httpStatus } = ERROR_TREATMENT[report.code];
      const body = Buffer.from(JSON.stringify(report));
      response.writeHead(httpStatus, {
        'content-type': 'application/json',
        'content-length': body.length,
      });
      response.write(body);
      if (request.complete) response.end();
      else linger(request, response);
    }
  }
}

/**
 * Throws the rest of an upload away until the sender has heard the answer and ends it or the connection, but not for
 * ever. Closed with bytes unread, as Node does when a response ends, the connection would be reset, and the answer
 * lost with it (RFC 9112, 9.6).
 */
function linger(request: IncomingMessage, response: ServerResponse): void {
  const limit = setTimeout(() => request.socket.destroy(), LINGER_MS).unref();
  request.once('end', () => response.end());
  request.once('close', () => clearTimeout(limit));
  request.resume();
}

/** `PUT /runs/RUN/streams/NAME`, `PUT /runs/RUN/description` or `GET /runs/RUN/session`. */
function parseRequest(request: IncomingMessage): DataRequest {
  const path = request.url ?? '';
  if (path.startsWith(DATA_PATH)) {
    const [run, kind, name, ...rest] = path.slice(DATA_PATH.length).split('/');
    const runId = RunId.safeParse(run);
    if (runId.success && rest.length === 0) {
      if (request.method === 'PUT' && kind === 'streams' && name !== undefined) {
        return { type: 'upload', runId: runId.data, name };
      }
      if (request.method === 'PUT' && kind === 'description' && name === undefined) {
        return { type: 'description', runId: runId.data };
      }
      if (request.method === 'GET' && kind === 'session' && name === undefined) {
        return { type: 'session', runId: runId.data };
      }
    }
  }
  throw new OperatorError({
    code: 'not-found',
    message: 'answering a request on the data channel: there is no such thing here',
    hint: 'Engine and server may have different versions.',
  });
}

async function takeUpload(
  request: IncomingMessage,
  response: ServerResponse,
  { runId, name }: { runId: RunId; name: string },
  token: string,
  { dataAccess, images, store, onKnown }: DataChannelOptions,
): Promise<void> {
  dataAccess.authorize(runId, token, ['capture']);
  onKnown();
  await images.openStaging(runId);
  // Meanwhile it may have been cancelled, and what it had sent thrown away.
  const { run } = dataAccess.authorize(runId, token, ['capture']);
  const host = store.read().hosts.find(({ id }) => id === run.hostId);
  const maxBytes = quotaBytesOf(capturedDiskBytes(run, host));
  answerReceipt(response, await images.receiveStream(runId, name, request, maxBytes));
}

async function takeDescription(
  request: IncomingMessage,
  response: ServerResponse,
  runId: RunId,
  token: string,
  { dataAccess, images, onKnown }: DataChannelOptions,
): Promise<void> {
  dataAccess.authorize(runId, token, ['capture']);
  onKnown();
  await images.openStaging(runId);
  dataAccess.authorize(runId, token, ['capture']);
  answerReceipt(response, await images.receiveDescription(runId, request));
}

function answerReceipt(response: ServerResponse, received: ReceivedBytes): void {
  response.writeHead(200, { 'content-type': 'application/json' });
  response.end(JSON.stringify(received));
}

async function sendSession(
  response: ServerResponse,
  runId: RunId,
  token: string,
  { dataAccess, images, store, onKnown }: DataChannelOptions,
): Promise<void> {
  const { task, run } = dataAccess.authorize(runId, token, ['deploy']);
  onKnown();
  const operation = task.operations[run.operationIndex];
  if (operation?.type !== 'deploy') throw new TypeError('authorized for another operation');
  const { imageId, versionId } = operation;
  const { manifest, image } = await loadImage({ store, images }, operation);
  const transmission = planTransmission({
    transmissionId: runId,
    manifest,
    manifestSha256: image.manifestSha256,
    pathOf: (stream) => images.streamPath(imageId, versionId, stream.name),
  });
  response.writeHead(200, {
    'content-type': 'application/octet-stream',
    'content-length': transmission.totalBytes,
  });
  await pipeline(Readable.from(bytesOf(transmission), { objectMode: false }), response);
}

async function* bytesOf(transmission: Transmission): AsyncGenerator<Buffer> {
  for (const piece of transmission.pieces) {
    if (piece.type === 'frame') {
      yield piece.data;
    } else {
      const file = createReadStream(piece.path, { highWaterMark: 1024 * 1024 });
      for await (const chunk of file) yield asBuffer(chunk);
    }
  }
}

function asBuffer(chunk: unknown): Buffer {
  if (Buffer.isBuffer(chunk)) return chunk;
  throw new TypeError('a file was read as text');
}
