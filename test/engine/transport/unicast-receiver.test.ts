import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import { test, type TestContext } from 'node:test';
import { buffer } from 'node:stream/consumers';
import type { ServerLink } from '../../../engine/server-link.ts';
import { ByteSource } from '../../../engine/transport/byte-source.ts';
import { receiveUnicast } from '../../../engine/transport/unicast-receiver.ts';
import { OperatorError, toReport } from '../../../lib/errors.ts';
import { RunId, RunToken } from '../../../lib/model/ids.ts';
import { TOKEN_HEADER } from '../../../lib/protocol/version.ts';
import { makeCertificate, startEngineServer, startLink } from '../engine-server.ts';
import { until } from '../../support/wait.ts';

const RUN_ID = RunId.parse('run-0000000001');
const TOKEN = RunToken.parse('a'.repeat(64));

async function linkTo(
  t: TestContext,
  onRequest: (request: IncomingMessage, response: ServerResponse) => void,
): Promise<ServerLink> {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate, onRequest });
  return startLink(t, { port: server.port, certificate });
}

test("A run's transmission is asked for with its token, and comes as it was sent.", async (t) => {
  const bytes = randomBytes(1_000_000);
  const link = await linkTo(t, (request, response) => {
    assert.equal(request.url, '/runs/run-0000000001/session');
    assert.equal(request.headers[TOKEN_HEADER], TOKEN);
    response.writeHead(200, { 'content-length': bytes.length });
    response.end(bytes);
  });
  const receiver = await receiveUnicast(link, RUN_ID, TOKEN);
  assert.equal(receiver.transmissionId, RUN_ID);
  assert.ok((await buffer(receiver.data)).equals(bytes));
  await receiver.finish();
  await receiver.leave();
});

test('The error that the server answers with is thrown.', async (t) => {
  const refusal = new OperatorError({ code: 'unauthorized', message: 'checking', hint: 'Ask.' });
  const link = await linkTo(t, (_, response) => {
    response.writeHead(403).end(JSON.stringify(toReport(refusal)));
  });
  await assert.rejects(receiveUnicast(link, RUN_ID, TOKEN), {
    code: 'unauthorized',
    message: 'checking',
  });
});

test('A server that does not answer is a broken stream.', async (t) => {
  const link = await linkTo(t, (request) => {
    request.socket.destroy();
  });
  await assert.rejects(receiveUnicast(link, RUN_ID, TOKEN), { code: 'stream-broken' });
});

test('A server that goes away in the middle is a broken stream.', async (t) => {
  const link = await linkTo(t, (request, response) => {
    response.writeHead(200, { 'content-length': 1_000_000 });
    response.write(randomBytes(1000), () => request.socket.destroy());
  });
  const receiver = await receiveUnicast(link, RUN_ID, TOKEN);
  await assert.rejects(new ByteSource(receiver.data).exactly(1_000_000), { code: 'stream-broken' });
});

test('Leaving ends the connection, so that the server stops sending.', async (t) => {
  let closed = false;
  const link = await linkTo(t, (_, response) => {
    response.writeHead(200);
    response.write(randomBytes(1000));
    response.once('close', () => (closed = true));
  });
  const receiver = await receiveUnicast(link, RUN_ID, TOKEN);
  await receiver.leave();
  await until('the server has noticed', () => closed);
});
