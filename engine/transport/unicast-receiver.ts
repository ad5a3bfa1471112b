/** Receives over the engine's own TLS connection: one host alone, or multicast impossible. */

import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import { fromReport, OperatorError } from '../../lib/errors.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import type { RunId, RunToken } from '../../lib/model/ids.ts';
import { DATA_PATH, TOKEN_HEADER } from '../../lib/protocol/version.ts';
import type { ServerLink } from '../server-link.ts';
import type { ImageReceiver } from './image-receiver.ts';

/** Asks for the run's transmission. Throws the server's error, or `stream-broken` when it does not answer. */
export async function receiveUnicast(
  link: ServerLink,
  runId: RunId,
  token: RunToken,
): Promise<ImageReceiver> {
  const request = link.requestData({
    method: 'GET',
    path: `${DATA_PATH}${runId}/session`,
    headers: { [TOKEN_HEADER]: token },
  });
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    request.once('response', resolve);
    request.once('error', (cause) => reject(unanswered(cause)));
    request.end();
  });
  if (response.statusCode !== 200) throw await readAnswerError(response);
  return {
    data: response,
    transmissionId: runId,
    finish: async () => {
      if (!response.complete) await finished(response);
    },
    leave: () => {
      response.destroy();
      return Promise.resolve();
    },
  };
}

/** The error that the server answered with on the data channel. */
export async function readAnswerError(response: IncomingMessage): Promise<OperatorError> {
  const chunks: Buffer[] = [];
  for await (const chunk of response) {
    if (Buffer.isBuffer(chunk)) chunks.push(chunk);
  }
  try {
    return fromReport(ErrorReport.parse(JSON.parse(Buffer.concat(chunks).toString('utf8'))));
  } catch (cause) {
    return new OperatorError({
      code: 'protocol-mismatch',
      message: `asking the server for image data: it answered with status ${response.statusCode ?? 0}`,
      hint: 'Engine and server may have different versions.',
      cause,
    });
  }
}

function unanswered(cause: Error): OperatorError {
  return new OperatorError({
    code: 'stream-broken',
    message: 'asking the server for the image data',
    hint: 'See whether the server runs and the network is up, then deploy again to this host.',
    cause,
  });
}
