/** What is said when there is no server, or something else in its place: against real sockets of each kind. */

import assert from 'node:assert/strict';
import { createServer as createHttpServer } from 'node:http';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server, type Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { WebSocketServer } from 'ws';
import { connectOperator, type ServerPlace } from '../../../lib/client/operator-client.ts';
import { ConnectionError, troubleOf, troubleOfEnd } from '../../../lib/client/trouble.ts';
import { TROUBLE_KINDS, type Trouble, type TroubleKind } from '../../../lib/model/trouble.ts';
import { OperatorError, toReport } from '../../../lib/errors.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import { BROKEN_OFF, STOPPED_ANSWERING, toldEnd } from '../../../lib/protocol/connection-end.ts';
import { errorLines } from '../../../cli/print/error.ts';
import { LANGUAGES } from '../../../lib/model/language.ts';
import { troubleIn } from '../../../lib/messages/trouble.ts';
import { startSmallServer, withSocketPath } from '../../cli/small-server.ts';
import { textsOf } from '../../../cli/text/catalogue.ts';

const ENGLISH = textsOf('en');

const FINGERPRINT = Array.from({ length: 32 }, () => 'AA').join(':');

/** The error that connecting ends with; `patienceMs` is only waited for by those that say nothing. */
async function errorAt(place: ServerPlace): Promise<ConnectionError> {
  try {
    const client = await connectOperator({ ...place, operator: 'nobody', patienceMs: 300 });
    client.close();
  } catch (error) {
    assert.ok(error instanceof ConnectionError, String(error));
    return error;
  }
  return assert.fail('connected');
}

async function atSocket(
  kind: TroubleKind,
  prepare: (path: string) => Promise<(() => Promise<void>) | null> | null,
): Promise<ConnectionError> {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-trouble-'));
  const socketPath = join(directory, 'server.sock');
  try {
    const close = await prepare(socketPath);
    try {
      const error = await errorAt({ socketPath });
      assert.equal(error.trouble.kind, kind, JSON.stringify(error.trouble.detail));
      assert.equal(error.trouble.place, socketPath);
      return error;
    } finally {
      await close?.();
    }
  } finally {
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Something that listens there and calls `onSocket` for each connection. */
async function listening(
  where: string | number,
  onSocket: (socket: Socket) => void,
): Promise<{ server: Server; close: () => Promise<void> }> {
  const open = new Set<Socket>();
  const server = createServer((socket) => {
    open.add(socket);
    socket.on('error', () => undefined);
    onSocket(socket);
  });
  await new Promise<void>((resolve) => {
    if (typeof where === 'string') server.listen(where, resolve);
    else server.listen(where, '127.0.0.1', resolve);
  });
  return {
    server,
    close: async () => {
      for (const socket of open) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a socket of this machine', () => {
  test('a socket of this machine that is not there', async () => {
    const error = await atSocket('no-socket', () => null);
    const lines = errorLines(ENGLISH, toReport(error)).join('\n');
    assert.match(lines, /^openclone: connecting to the server at \S+: no server is running here: /);
    assert.match(lines, /\nhint: .*systemctl start openclone/);
  });

  test('a socket of this machine: below a file that is no directory', async () => {
    await withSocketPath(async (path) => {
      writeFileSync(path, '');
      const error = await errorAt({ socketPath: join(path, 'server.sock') });
      assert.equal(error.trouble.kind, 'no-socket');
    });
  });

  test('a socket of this machine that one has no right to open, nor to look into its directory', async () => {
    for (const mode of [0o755, 0o750]) {
      const error = await atSocket('not-allowed', async (path) => {
        rmSync(join(path, '..'), { recursive: true });
        mkdirSync(join(path, '..'), { mode });
        const { close } = await listening(path, () => undefined);
        process.seteuid?.(65_534);
        return async () => {
          process.seteuid?.(0);
          await close();
        };
      });
      assert.match(error.hint, /usermod -aG openclone nobody .*log out and in again/);
    }
  });

  test('a socket of this machine that a server has left behind', async () => {
    await atSocket('not-running', async (path) => {
      // Removing the socket is what a server does that is closed in an orderly way.
      const { server, close } = await listening(`${path}.old`, () => undefined);
      const { renameSync } = await import('node:fs');
      renameSync(`${path}.old`, path);
      await close();
      assert.equal(server.listening, false);
      return null;
    });
  });

  test('a socket of this machine that is a file or a directory', async () => {
    await atSocket('not-a-socket', (path) => {
      writeFileSync(path, 'text');
      return null;
    });
    await atSocket('not-a-socket', (path) => {
      mkdirSync(path);
      return null;
    });
  });

  test('a socket of this machine whose path is too long for one', async () => {
    const error = await errorAt({ socketPath: `/tmp/${'long'.repeat(40)}/server.sock` });
    assert.equal(error.trouble.kind, 'path-too-long');
  });

  test('a socket of this machine that is taken by something that says nothing, before or after the handshake', async () => {
    await atSocket('silent', async (path) => (await listening(path, () => undefined)).close);
    await atSocket('silent', async (path) => {
      const http = createHttpServer();
      const sockets = new WebSocketServer({ server: http });
      await new Promise<void>((resolve) => http.listen(path, resolve));
      return async () => {
        for (const socket of sockets.clients) socket.terminate();
        await new Promise((resolve) => http.close(resolve));
      };
    });
  });

  test('a socket of this machine that hangs up at once', async () => {
    await atSocket(
      'closed-at-once',
      async (path) => (await listening(path, (socket) => socket.destroy())).close,
    );
  });

  test('a socket of this machine that belongs to another program: a web server, a mail server', async () => {
    await atSocket('other-program', async (path) => {
      const http = createHttpServer((_, answer) => answer.end('hello'));
      await new Promise<void>((resolve) => http.listen(path, resolve));
      return async () => {
        await new Promise((resolve) => http.close(resolve));
      };
    });
    await atSocket(
      'other-program',
      async (path) =>
        (await listening(path, (socket) => void socket.write('220 mail ESMTP\r\n'))).close,
    );
  });

  test('a socket of this machine whose server takes no more connections', async () => {
    await atSocket('busy', async (path) => {
      const http = createHttpServer();
      http.on('upgrade', (_, socket) => socket.end('HTTP/1.1 503 Service Unavailable\r\n\r\n'));
      await new Promise<void>((resolve) => http.listen(path, resolve));
      return async () => {
        await new Promise((resolve) => http.close(resolve));
      };
    });
  });

  test('a socket of this machine whose server is of another version', async () => {
    for (const code of ['protocol-mismatch', 'bad-message'] as const) {
      const error = await atSocket('other-version', async (path) => {
        const refuse = (): Promise<never> =>
          Promise.reject(new OperatorError({ code, message: 'it speaks protocol 9', hint: '' }));
        const server = await startSmallServer(path, { 'server.hello': refuse });
        return () => server.close();
      });
      assert.equal(error.code, 'protocol-mismatch');
      assert.match(troubleIn('en', error.trouble).why, /^It speaks protocol 9/);
    }
  });
});

describe('a server on the network', () => {
  const at = (port: number, host = '127.0.0.1'): ServerPlace => ({
    network: { host, port },
    fingerprint: FINGERPRINT,
  });
  const kindAt = async (place: ServerPlace): Promise<TroubleKind> =>
    (await errorAt(place)).trouble.kind;
  const kindOf = async (onSocket: (socket: Socket) => void): Promise<TroubleKind> => {
    const { server, close } = await listening(0, onSocket);
    const address = server.address();
    try {
      assert.ok(typeof address === 'object' && address !== null);
      return await kindAt(at(address.port));
    } finally {
      await close();
    }
  };

  test('a server on the network on a port that is closed, says nothing, hangs up, or has another program', async () => {
    const { server, close } = await listening(0, () => undefined);
    const address = server.address();
    await close();
    assert.ok(typeof address === 'object' && address !== null);
    assert.equal(await kindAt(at(address.port)), 'port-closed');
    assert.equal(await kindOf(() => undefined), 'silent');
    assert.equal(await kindOf((socket) => socket.destroy()), 'closed-at-once');
    assert.equal(
      await kindOf((socket) => void socket.write('SSH-2.0-dropbear\r\n')),
      'other-program',
    );
  });

  test('a server on the network of a name that is none', async () => {
    assert.equal(await kindAt(at(7077, 'no-such-machine.invalid')), 'no-such-name');
  });

  test('a server on the network that no way leads to, or that does not answer', () => {
    const seeker = { place: 'cloner:7077', account: 'anna' };
    const kind = (code: string): TroubleKind =>
      troubleOf(Object.assign(new Error(`connect ${code}`), { code }), seeker).kind;
    assert.equal(kind('EHOSTUNREACH'), 'no-way');
    assert.equal(kind('ENETUNREACH'), 'no-way');
    assert.equal(kind('ETIMEDOUT'), 'no-answer');
  });
});

test('the end of a connection is said in plain words, without the numbers of a protocol', () => {
  const seeker = { place: '/run/openclone/server.sock', account: 'anna' };
  const ends = [BROKEN_OFF, STOPPED_ANSWERING, toldEnd('end.server-stops')];
  const troubles = ends.map((end) => troubleOfEnd(end, seeker));
  assert.deepEqual(
    troubles.map(({ kind }) => kind),
    ['broken-off', 'stopped-answering', 'ended'],
  );
  const said = troubles.map((trouble) => troubleIn('de', trouble).why);
  assert.equal(said[2], 'Er sagte: der Server wird beendet');
});

test('every trouble has words in both languages that name its place or what was said, and a remedy', () => {
  for (const language of LANGUAGES) {
    for (const kind of TROUBLE_KINDS) {
      const trouble: Trouble = {
        kind,
        place: 'cloner:7077',
        account: 'anna',
        detail: verbatim('XYZ'),
      };
      const { short, what, why, remedy } = troubleIn(language, trouble);
      assert.match(short, /^[a-zäöü]/, kind);
      assert.match(what, /^[A-ZÄÖÜc].*\.$/, kind);
      assert.match(`${what} ${why}`, /cloner|XYZ/, `${language} ${kind}`);
      assert.ok(remedy.length > 0, kind);
    }
  }
});
