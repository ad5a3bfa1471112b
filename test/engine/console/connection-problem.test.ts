import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { test } from 'node:test';
import { problemOf } from '../../../engine/console/connection-problem.ts';
import { problemText } from '../../../engine/console/problem-text.ts';
import { initialState } from '../../../engine/console/state.ts';
import { screenTexts } from '../../../engine/console/text/catalogue.ts';
import { ConnectionEnded, STOPPED_ANSWERING } from '../../../lib/protocol/connection-end.ts';
import { z } from 'zod';
import { makeCertificate, startEngineServer, startLink } from '../engine-server.ts';
import { afterTest } from '../scratch-disk.ts';
import type { TestContext } from 'node:test';
import { until } from '../../support/wait.ts';

const ENGLISH = screenTexts('en');
const SERVER = '127.0.0.1:7077';

/** The outcome of a real attempt to connect to that port. */
async function problemAt(t: TestContext, port: number): Promise<string> {
  const problems: unknown[] = [];
  const certificate = await makeCertificate(t);
  startLink(t, { port, certificate, onOffline: (problem) => problems.push(problem) });
  await until('it has tried', () => problems.length > 0);
  const { what, check } = problemText(ENGLISH, problemOf(problems[0], SERVER));
  return [what, ...check].join('\n');
}

test('A machine on which nothing listens is told from one that does not answer.', async (t) => {
  const closed = createServer().listen(0, '127.0.0.1');
  await once(closed, 'listening');
  const { port } = z.object({ port: z.number() }).parse(closed.address());
  await new Promise((resolve) => closed.close(resolve));
  const text = await problemAt(t, port);
  assert.match(text, /answers, but no OpenClone server listens/);
  assert.match(text, /systemctl status openclone/);
  assert.match(text, /TCP port 7077/);
});

test('Another certificate is said plainly, with both fingerprints.', async (t) => {
  const server = await startEngineServer(t, { certificate: await makeCertificate(t) });
  const text = await problemAt(t, server.port);
  assert.match(text, /another certificate than the one this engine was given/);
  assert.match(text, /build the root file system of the hosts again/);
  assert.match(text, /shown ([0-9A-F]{2}:){31}[0-9A-F]{2}, expected/);
});

test('Something else that listens at the port is not taken for a dead server.', async (t) => {
  const other = createServer((socket) => socket.resume().end('220 mail\r\n')).listen(
    0,
    '127.0.0.1',
  );
  await once(other, 'listening');
  afterTest(t, () => new Promise((resolve) => other.close(resolve)));
  const { port } = z.object({ port: z.number() }).parse(other.address());
  assert.match(await problemAt(t, port), /^The connection failed: .+\n.*journalctl/s);
});

test('The usual errors of a network say what to look at.', () => {
  const failed = (code: string): string => {
    const problem = problemOf(Object.assign(new Error(code), { code }), SERVER);
    const { what, check } = problemText(ENGLISH, problem);
    return [what, ...check].join('\n');
  };
  for (const code of ['EHOSTUNREACH', 'ETIMEDOUT']) {
    assert.match(failed(code), /does not answer[^]*cable[^]*firewall/);
  }
  assert.match(failed('ENETUNREACH'), /no network address[^]*cable[^]*DHCP/);
  assert.equal(problemOf(new ConnectionEnded(STOPPED_ANSWERING), SERVER).type, 'no-answer');
});

test('Before the first attempt there is nothing wrong yet.', () => {
  const state = initialState(
    { language: 'en', programVersion: '0', buildId: null, server: SERVER, mac: null },
    1,
  );
  assert.deepEqual(state.connection, { type: 'offline', since: 1, attempts: 0, problem: null });
});
