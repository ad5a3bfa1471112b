/** A server over the network: the first meeting, the second, and another machine in its place. */

import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { PassThrough } from 'node:stream';
import { describe, test } from 'node:test';
import { connectOperator } from '../../lib/client/operator-client.ts';
import { run } from '../../lib/exec/run.ts';
import { meetServer } from '../../tui/first-contact.ts';
import { freePort } from '../support/ports.ts';
import { withServer, type RunningServer } from '../server/running-server.ts';
import { EVA } from './real-server.ts';
import { withTmux } from './tmux.ts';

const LAUNCHER = join(import.meta.dirname, '../../openclone');

async function fingerprintOf({ directory }: RunningServer): Promise<string> {
  const certificate = await readFile(join(directory, 'data/tls/server.crt'), 'utf8');
  return new X509Certificate(certificate).fingerprint256;
}

type Meeting = { readonly shown: () => string; readonly place: ReturnType<typeof meetServer> };

/** Meets the server with somebody who answers this; null: who goes away. */
function meet(
  { directory, port }: Pick<RunningServer, 'directory' | 'port'>,
  answer: string | null,
  language: 'en' | 'de' = 'en',
): Meeting {
  const input = new PassThrough();
  const output = new PassThrough();
  let shown = '';
  output.on('data', (chunk: Buffer) => {
    shown += chunk.toString();
    if (!/\((yes|ja)\/(no|nein)\)/.test(chunk.toString())) return;
    if (answer === null) input.end();
    else input.write(`${answer}\n`);
  });
  const path = join(directory, 'known-servers.json');
  const server = { host: '127.0.0.1', port };
  return {
    shown: () => shown,
    place: meetServer({ server, path, language, input, output }),
  };
}

describe('the first meeting', () => {
  test('the first meeting shows the fingerprint and remembers it after a yes; the second one asks nothing', async () => {
    await withServer(async (server) => {
      const fingerprint = await fingerprintOf(server);
      const first = meet(server, 'yes');
      const place = { network: { host: '127.0.0.1', port: server.port }, fingerprint };
      assert.deepEqual(await first.place, place);
      assert.ok(first.shown().includes(fingerprint), first.shown());
      const second = meet(server, null);
      assert.deepEqual(await second.place, place);
      assert.equal(second.shown(), '');
    });
  });

  test('the first meeting is none after anything else than a yes', async () => {
    await withServer(async (server) => {
      for (const answer of ['no', '', 'y', null]) {
        await assert.rejects(meet(server, answer).place, { code: 'cancelled' });
      }
      const german = meet(server, 'ja', 'de');
      await german.place;
      assert.match(german.shown(), /Fingerabdruck/);
    });
  });

  test('the first meeting says plainly when nobody is there', async () => {
    await withServer(async (server) => {
      const { directory } = server;
      const nobody = meet({ directory, port: await freePort() }, 'yes');
      await assert.rejects(nobody.place, { code: 'connection-failed' });
    });
  });
});

describe('another certificate', () => {
  test('another certificate is refused before anything is sent, and stays so', async () => {
    await withServer(async (server) => {
      const place = await meet(server, 'yes').place;
      await server.stop();
      await rm(join(server.directory, 'data/tls'), { recursive: true });
      await server.start();
      const handshakes = server.captured.lines.length;
      await assert.rejects(connectOperator({ ...place, operator: 'anna' }), {
        code: 'unauthorized',
        message: /it shows another certificate than before/,
      });
      assert.equal(server.captured.lines.length, handshakes);
      assert.deepEqual(await meet(server, 'yes').place, place, 'the old one stays pinned');
    });
  });
});

test('`openclone --server` takes no other command', async () => {
  const { stderr, exitStatus } = await run(LAUNCHER, ['--server', 'cloner', 'host', 'list'], {
    allowedStatuses: [1, 2],
  });
  assert.notEqual(exitStatus, 0);
  assert.match(stderr, /too many arguments/);
});

describe('on a terminal', () => {
  test('on a terminal: `openclone --server HOST:PORT` asks, then wants a login, and the next time asks no more', async () => {
    await withServer(async (server) => {
      await (await server.operator()).call('operator.add', EVA);
      const fingerprint = await fingerprintOf(server);
      const env = { LANG: 'C.UTF-8', XDG_CONFIG_HOME: server.directory };
      const command = `${LAUNCHER} --server 127.0.0.1:${server.port}`;
      await withTmux({ command, env, columns: 120 }, async (tmux) => {
        await tmux.waitFor(fingerprint);
        await tmux.keys('no', 'Enter');
        await tmux.waitFor('it is not known');
      });
      await withTmux({ command, env, columns: 120 }, async (tmux) => {
        await tmux.waitFor(fingerprint);
        await tmux.keys('yes', 'Enter');
        await tmux.waitFor(/OpenClone on [^.]/);
        await tmux.type(`${EVA.name}\t${EVA.password}\r`);
        await tmux.waitFor('eva@');
      });
      await withTmux({ command, env, columns: 120 }, async (tmux) => {
        const lines = await tmux.waitFor(/OpenClone on [^.]/);
        assert.ok(!lines.join('').includes(fingerprint.slice(0, 20)));
      });
    });
  });
});
