/** The operators' API over HTTP, JSON-RPC 2.0: a POST a call, with the token of a login; nothing is pushed. */

import { createServer, type IncomingMessage, type Server } from 'node:http';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { toReport } from '../../lib/errors.ts';
import { OPERATOR_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import type { ApiConnection, OperatorApi } from '../../server/api/operator-api.ts';

const Call = z.object({ id: z.number(), method: z.string().max(100), params: z.unknown() });

/** Every request is a connection of its own: who asks is said by its token, or by nothing. */
export function httpTransport(api: OperatorApi): Server {
  return createServer((request, response) => {
    const connection = api.connect({
      origin: { type: 'network', address: request.socket.remoteAddress ?? '' },
      push: null,
      close: () => undefined,
      onKnown: () => undefined,
    });
    answer(connection, request)
      .then((body) => response.end(JSON.stringify(body)))
      .catch(() => response.writeHead(400).end())
      .finally(() => connection.end());
  });
}

async function answer(
  { answers, limits }: ApiConnection,
  request: IncomingMessage,
): Promise<unknown> {
  const [, loginToken] = request.headers.authorization?.split(' ') ?? [];
  const hello = { protocolVersion: OPERATOR_PROTOCOL_VERSION, operator: 'http' };
  await answers.call('server.hello', { ...hello, loginToken });
  if (Number(request.headers['content-length'] ?? Infinity) > limits().maxBytes) {
    throw new Error('too long');
  }
  const { id, method, params } = Call.parse(JSON.parse(await text(request)));
  try {
    return { jsonrpc: '2.0', id, result: await answers.call(method, params) };
  } catch (error) {
    const report = toReport(error);
    return { jsonrpc: '2.0', id, error: { code: -32000, message: report.message, data: report } };
  }
}
