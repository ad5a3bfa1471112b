import assert from 'node:assert/strict';
import { once } from 'node:events';
import { IncomingMessage } from 'node:http';
import { test, type TestContext } from 'node:test';
import type { ServerLink } from '../../engine/server-link.ts';
import { OperatorError } from '../../lib/errors.ts';
import { HostId, RunId } from '../../lib/model/ids.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { EngineMethods } from '../../lib/protocol/engine-api.ts';
import { PROGRAM_VERSION, ENGINE_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import type { Certificate } from '../../server/net/certificate.ts';
import {
  HOST_ID,
  logonAnswer,
  makeCertificate,
  STANDING,
  startEngineServer,
  startLink,
  SYSTEM_INFO,
  type EngineServer,
} from './engine-server.ts';
import { until } from '../support/wait.ts';

const RUN_ID = RunId.parse('run-0000000001');

type Connected = { certificate: Certificate; server: EngineServer; link: ServerLink };

async function connect(
  t: TestContext,
  handlers: Partial<Handlers<EngineMethods>> = {},
  linkOptions: Partial<Parameters<typeof startLink>[1]> = {},
): Promise<Connected> {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate, handlers });
  const link = startLink(t, { port: server.port, certificate, ...linkOptions });
  await link.waitOnline(30_000);
  return { certificate, server, link };
}

function namesOf(server: EngineServer): string[] {
  return server.calls.map(({ name }) => name);
}

test('An engine registers, logs on, and names its connected interface first.', async (t) => {
  const { server, link } = await connect(t);
  assert.equal(link.isOnline, true);
  assert.deepEqual(namesOf(server), ['register', 'logon']);
  assert.deepEqual(server.calls[0]?.params, {
    protocolVersion: ENGINE_PROTOCOL_VERSION,
    programVersion: PROGRAM_VERSION,
    worker: 'engine',
    macAddresses: ['52:54:00:77:00:01', '52:54:00:77:00:02'],
    systemInfo: SYSTEM_INFO,
  });
});

test('A host that takes longer to look at itself than the server waits for its first call logs on all the same.', async (t) => {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate });
  const ended: Promise<unknown>[] = [];
  server.sockets.on('connection', (socket) => {
    if (ended.length === 0) socket.close();
    ended.push(once(socket, 'close'));
  });
  let looks = 0;
  const link = startLink(t, {
    port: server.port,
    certificate,
    // Each look ends when the server has dropped the connection for which it was begun.
    systemInfo: async () => {
      looks += 1;
      const mine = looks;
      await until('the server has given up', () => ended.length >= mine);
      await ended[mine - 1];
      return SYSTEM_INFO;
    },
  });
  await link.waitOnline(30_000);
  assert.deepEqual(namesOf(server), ['register', 'logon']);
  assert.equal(looks, 1);
});

test('A server with another certificate is refused, for calls and for data, and hears nothing.', async (t) => {
  const expected = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate: await makeCertificate(t) });
  const refused = once(server.sockets, 'connection').then(() => assert.fail('it connected'));
  refused.catch(() => undefined);
  const link = startLink(t, { port: server.port, certificate: expected });
  const request = link.requestData({ method: 'GET', path: '/runs/run-0000000001/session' });
  const errors: unknown[] = await once(request, 'error');
  const [error] = errors;
  assert.ok(error instanceof Error);
  assert.match(error.message, /certificate|self[- ]signed/);
  await assert.rejects(link.waitOnline(1500), {
    code: 'connection-lost',
    message: /waiting for the server at 127\.0\.0\.1/,
  });
  assert.equal(link.isOnline, false);
  assert.deepEqual(server.calls, []);
});

test('A restarted server is found again, and the host does not register twice.', async (t) => {
  const { certificate, server, link } = await connect(t);
  await server.close();
  await until('the loss is noticed', () => !link.isOnline);
  const restarted = await startEngineServer(t, { certificate, port: server.port });
  await link.waitOnline(30_000);
  assert.deepEqual(namesOf(restarted), ['logon']);
});

test('A host that was deleted meanwhile registers again.', async (t) => {
  let deleted = false;
  const { server, link } = await connect(t, {
    register: () =>
      Promise.resolve({
        hostId: deleted ? HostId.parse('host-0000000002') : HOST_ID,
        standing: STANDING,
      }),
    logon: ({ hostId }) =>
      deleted && hostId === HOST_ID
        ? Promise.reject(
            new OperatorError({ code: 'not-found', message: 'finding the host', hint: 'Wait.' }),
          )
        : Promise.resolve(logonAnswer()),
  });
  deleted = true;
  server.drop();
  await until('the loss is noticed', () => !link.isOnline);
  await link.waitOnline(30_000);
  assert.deepEqual(namesOf(server), ['register', 'logon', 'logon', 'register', 'logon']);
});

test('A call on a connection that is lost is connection-lost, and the next one gets the new connection.', async (t) => {
  let calls = 0;
  const { server, link } = await connect(t, {
    nextOperation: () => {
      calls += 1;
      if (calls === 1) server.drop();
      return Promise.resolve({ type: 'idle' });
    },
  });
  await assert.rejects(link.callOnceOnline('nextOperation', {}), { code: 'connection-lost' });
  assert.deepEqual(await link.callOnceOnline('nextOperation', {}), { type: 'idle' });
});

test('A call while the server takes its leave fails only when the connection is over, so that repeating it cannot spin.', async (t) => {
  const { server, link } = await connect(t);
  // The engine has heard the farewell, but the server does not read its answer for now.
  for (const socket of server.sockets.clients) {
    socket.pause();
    socket.close(1001, 'restarting');
  }
  for (let trip = 0; trip < 3; trip += 1) {
    const request = link.requestData({ method: 'GET', path: '/' });
    request.end();
    const responses: unknown[] = await once(request, 'response');
    const [response] = responses;
    assert.ok(response instanceof IncomingMessage);
    response.resume();
    await once(response, 'end');
  }
  setImmediate(() => {
    for (const socket of server.sockets.clients) socket.resume();
  });
  for (let tries = 1; ; tries += 1) {
    assert.ok(tries < 100, 'it was tried over and over on the dead connection');
    try {
      await link.callOnceOnline('nextOperation', {});
      break;
    } catch (error) {
      assert.ok(error instanceof OperatorError && error.code === 'connection-lost');
    }
  }
});

test('What the server pushes is heard: work, and why a run is to stop.', async (t) => {
  const heard: unknown[] = [];
  const { server } = await connect(
    t,
    {},
    {
      onWorkAvailable: () => heard.push('work'),
      onCancel: (...cancel) => heard.push(cancel),
    },
  );
  for (const peer of server.peers) {
    peer.notify('workAvailable', {});
    peer.notify('cancel', { runId: RUN_ID, outcome: 'failed', reason: 'the server was full' });
  }
  await until('both are heard', () => heard.length === 2);
  assert.deepEqual(heard, ['work', [RUN_ID, 'failed', 'the server was full']]);
});

test('A run that the server has given up is stopped at the next logon.', async (t) => {
  const cancelled: unknown[] = [];
  const { server } = await connect(
    t,
    { logon: () => Promise.resolve(logonAnswer({ continueRun: false })) },
    { activeRunId: () => RUN_ID, onCancel: (...cancel) => cancelled.push(cancel) },
  );
  assert.deepEqual(cancelled, [[RUN_ID, 'given-up', 'the server has given the run up']]);
  const logon = server.calls.find(({ name }) => name === 'logon');
  assert.ok(JSON.stringify(logon?.params).includes(RUN_ID));
});

test('A host without a network interface does not get on-line, and says why in its log only.', async (t) => {
  const certificate = await makeCertificate(t);
  const server = await startEngineServer(t, { certificate });
  const link = startLink(t, {
    port: server.port,
    certificate,
    systemInfo: () => Promise.resolve({ ...SYSTEM_INFO, interfaces: [] }),
  });
  await assert.rejects(link.waitOnline(500), { code: 'connection-lost' });
  assert.deepEqual(server.calls, []);
});
