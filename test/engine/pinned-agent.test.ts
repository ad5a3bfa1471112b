import assert from 'node:assert/strict';
import { once } from 'node:events';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { request as httpsRequest } from 'node:https';
import { join } from 'node:path';
import { test, type TestContext } from 'node:test';
import { PinnedAgent } from '../../engine/pinned-agent.ts';
import { OperatorError } from '../../lib/errors.ts';
import { run } from '../../lib/exec/run.ts';
import type { Certificate } from '../../server/net/certificate.ts';
import { startEngineServer, startLink } from './engine-server.ts';
import { scratchDirectory } from './scratch-disk.ts';
import { until } from '../support/wait.ts';

/** openssl-ca(1) is what can say from when to when a certificate is valid. */
const CA_CONFIG = `
[ca]
default_ca = self
[self]
new_certs_dir = .
database = index.txt
rand_serial = yes
default_md = sha256
policy = any
[any]
commonName = supplied
`;

const PAST = ['20000101000000Z', '20010101000000Z'] as const;
const FUTURE = ['20700101000000Z', '20710101000000Z'] as const;

/** A new key and its self-signed certificate; every one has the same subject. */
async function makeDated(
  t: TestContext,
  [from, to]: readonly [string, string],
): Promise<Certificate> {
  const directory = await scratchDirectory(t);
  const at = (name: string): string => join(directory, name);
  await mkdir(at('new'));
  await writeFile(at('index.txt'), '');
  await writeFile(
    at('ca.cnf'),
    CA_CONFIG.replaceAll('index.txt', at('index.txt')).replace('= .', `= ${at('new')}`),
  );
  await run('openssl', [
    'req',
    '-new',
    '-newkey',
    'ec',
    '-pkeyopt',
    'ec_paramgen_curve:P-256',
    '-nodes',
    '-subj',
    '/CN=OpenClone server',
    '-keyout',
    at('key.pem'),
    '-out',
    at('request.pem'),
  ]);
  await run('openssl', [
    'ca',
    '-batch',
    '-selfsign',
    '-config',
    at('ca.cnf'),
    '-notext',
    '-keyfile',
    at('key.pem'),
    '-in',
    at('request.pem'),
    '-out',
    at('server.crt'),
    '-startdate',
    from,
    '-enddate',
    to,
  ]);
  return {
    certificate: await readFile(at('server.crt'), 'utf8'),
    key: await readFile(at('key.pem'), 'utf8'),
    path: at('server.crt'),
  };
}

test('The pinned certificate is accepted whatever the clock says of its dates.', async (t) => {
  for (const dates of [PAST, FUTURE]) {
    const certificate = await makeDated(t, dates);
    const server = await startEngineServer(t, {
      certificate,
      onRequest: (_, response) => response.writeHead(200).end(),
    });
    const link = startLink(t, { port: server.port, certificate });
    await link.waitOnline(30_000);
    const request = link.requestData({ method: 'GET', path: '/' });
    const answered = once(request, 'response');
    request.end();
    await answered;
  }
});

test('A certificate of the same subject with another key is refused, and hears nothing of the request.', async (t) => {
  for (const dates of [PAST, FUTURE, ['20200101000000Z', '20700101000000Z']] as const) {
    const pinned = await makeDated(t, dates);
    const heard: unknown[] = [];
    const server = await startEngineServer(t, {
      certificate: await makeDated(t, dates),
      onRequest: ({ headers }) => heard.push(headers),
    });
    const { port } = server;
    const agent = new PinnedAgent(pinned.certificate);
    const request = httpsRequest({ host: '127.0.0.1', port, agent, headers: { secret: 'token' } });
    const failed = once(request, 'error');
    request.end();
    const errors: unknown[] = await failed;
    const [error] = errors;
    assert.ok(error instanceof OperatorError);
    assert.deepEqual([error.code, heard], ['unauthorized', []]);
    assert.match(error.message, /another certificate than the one this engine was given/);

    const problems: unknown[] = [];
    startLink(t, { port, certificate: pinned, onOffline: (problem) => problems.push(problem) });
    await until('it was refused twice', () => problems.length === 2);
    assert.ok(problems.every((problem) => problem instanceof OperatorError));
    assert.deepEqual(server.calls, []);
    assert.equal(server.sockets.clients.size, 0);
  }
});

test('What is no certificate is refused before anything is connected.', () => {
  assert.throws(() => new PinnedAgent('-----BEGIN NONSENSE-----'), { code: 'bad-argument' });
});
