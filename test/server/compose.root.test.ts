import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { connect, createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test } from 'node:test';
import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import { run } from '../../lib/exec/run.ts';
import { startService } from '../../lib/exec/service.ts';
import { loadCertificate } from '../../server/net/certificate.ts';
import { RunTokens } from '../../server/tasks/run-tokens.ts';
import { startServer } from '../../server/compose.ts';
import { RUN } from './image-store/sample-manifest.ts';
import { freePort } from '../support/ports.ts';
import { RunningServer, withServer } from './running-server.ts';
import { captureTask, shutdownTask } from '../support/task-requests.ts';
import { withDirectory } from '../support/directories.ts';

/** Permissions and type of a file: 0o100644, 0o140660. */
function modeOf(path: string): number {
  return statSync(path).mode;
}

function filesBelow(directory: string): string[] {
  return readdirSync(directory, { recursive: true, encoding: 'utf8' });
}

async function listens(port: number): Promise<boolean> {
  const socket = connect(port, '127.0.0.1');
  try {
    await once(socket, 'connect');
    return true;
  } catch {
    return false;
  } finally {
    socket.destroy();
  }
}

/** Gives `use` a server that has not been started. */
async function withStoppedServer(use: (server: RunningServer) => Promise<void>): Promise<void> {
  await withDirectory(async (directory) => {
    const server = new RunningServer(directory, await freePort());
    try {
      await use(server);
    } finally {
      await server.stop();
    }
  });
}

describe('the socket of the operators', () => {
  test('the socket of the operators is open to its group and to nobody else', async () => {
    await withServer(async (server) => {
      const { socketPath } = server.options;
      assert.equal(modeOf(socketPath), 0o140660);
      const { uid, gid } = statSync(socketPath);
      // The group daemon of Debian has the number 1.
      assert.deepEqual([uid, gid], [0, 1]);
      return Promise.resolve();
    });
  });

  test('the socket of the operators is for root alone when its group does not exist, and the log says so', async () => {
    await withStoppedServer(async (server) => {
      const options = { ...server.options, socketGroup: 'no-such-group' };
      const started = await startServer(options);
      try {
        assert.equal(statSync(options.socketPath).gid, 0);
        const line = await server.captured.line(({ event }) => event === 'no-group');
        assert.equal(line.group, 'no-such-group');
      } finally {
        await started.close();
      }
    });
  });

  test('the socket of the operators replaces one that a killed server has left', async () => {
    await withStoppedServer(async (server) => {
      const { socketPath } = server.options;
      const left = createServer();
      left.listen(socketPath);
      await once(left, 'listening');
      // As SIGKILL leaves it: the file is there, and nobody listens.
      await run('mv', [socketPath, `${socketPath}.away`]);
      await new Promise((resolve) => left.close(resolve));
      await run('mv', [`${socketPath}.away`, socketPath]);
      await server.start();
      const { call } = await server.operator();
      assert.deepEqual(await call('host.list', { group: null }), []);
    });
  });

  test('the socket of the operators is never taken from another server, and the second one leaves nothing open', async () => {
    await withServer(async (server) => {
      await withStoppedServer(async (second) => {
        const options = { ...second.options, socketPath: server.options.socketPath };
        await assert.rejects(startServer(options), {
          code: 'bad-argument',
          message: `listening for operators at ${options.socketPath}: another program does already`,
        });
        assert.equal(await listens(second.port), false);
        // Its store is free again.
        await second.start();
      });
      const { call } = await server.operator();
      assert.deepEqual(await call('host.list', { group: null }), []);
    });
  });

  test('the socket of the operators never takes the place of a file', async () => {
    await withStoppedServer(async (server) => {
      await writeFile(server.options.socketPath, 'precious');
      await assert.rejects(server.start(), { code: 'bad-argument', message: /no socket/ });
      assert.equal(await readFile(server.options.socketPath, 'utf8'), 'precious');
    });
  });
});

describe('the port of the engines', () => {
  test('the port of the engines that is taken is an error that says which, and the store is free again', async () => {
    await withServer(async (server) => {
      await withStoppedServer(async (second) => {
        const options = { ...second.options, port: server.port };
        await assert.rejects(startServer(options), (error: unknown) => {
          assert.ok(error instanceof OperatorError);
          assert.deepEqual(
            [error.code, error.message],
            ['bad-argument', `listening for engines at 127.0.0.1, port ${server.port}`],
          );
          return true;
        });
        await second.start();
      });
    });
  });

  test('the port of the engines shows a WebSocket nowhere but at its paths', async () => {
    await withServer(async (server) => {
      const upgrade = { connection: 'upgrade', upgrade: 'websocket' };
      const key = {
        'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==',
        'sec-websocket-version': '13',
      };
      for (const path of ['/', '/operators', '/operator/x', '/runs/x']) {
        const { status } = await server.data({ path, headers: { ...upgrade, ...key } });
        assert.equal(status, 404, path);
      }
    });
  });
});

describe('a second start', () => {
  test('a second start keeps certificate, tokens, hosts and tasks', async () => {
    await withServer(async (server) => {
      const { hostId } = await server.readyEngine(1);
      const { call } = await server.operator();
      const task = await call('task.create', shutdownTask({ targets: [hostId], mode: 'exit' }));
      const { dataDirectory } = server.options;
      const secrets = ['tls/server.crt', 'tls/server.key', 'run-token.key'];
      const read = (): Promise<Buffer[]> =>
        Promise.all(secrets.map((name) => readFile(join(dataDirectory, name))));
      const before = await read();
      await server.stop();
      await server.start();
      assert.deepEqual(await read(), before);
      const again = await server.operator();
      assert.equal((await again.call('task.show', { task: task.id })).task.id, task.id);
      assert.equal((await server.readyEngine(1)).hostId, hostId);
    });
  });

  test('a second start is possible at once, also with engines and operators connected', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const operator = await server.operator();
      const { call } = operator;
      await call('task.create', shutdownTask({ targets: [engine.hostId], mode: 'reboot' }));
      await engine.nextWork();
      await server.stop();
      await Promise.all([engine.peer.closed, operator.closed]);
      await server.start();
      assert.deepEqual(
        server.captured.lines.filter(({ event }) => event === 'fault'),
        [],
      );
    });
  });
});

describe('secrets', () => {
  test('secrets are in files that nobody else can read', async () => {
    await withServer(async (server) => {
      await server.captureImage(await server.readyEngine(1));
      const { dataDirectory, imageDirectory } = server.options;
      for (const name of ['tls/server.key', 'run-token.key']) {
        assert.equal(modeOf(join(dataDirectory, name)), 0o100600, name);
      }
      assert.equal(modeOf(dataDirectory) & 0o027, 0);
      for (const directory of [dataDirectory, imageDirectory]) {
        for (const name of filesBelow(directory)) {
          const path = join(directory, name);
          if (!statSync(path).isFile() || name === 'tls/server.crt') continue;
          assert.equal(modeOf(path) & 0o007, 0, path);
        }
      }
    });
  });

  test('secrets are never in the log', async () => {
    await withServer(async (server) => {
      const engine = await server.readyEngine(1);
      const operator = await server.operator();
      await operator.call(
        'task.create',
        captureTask({
          host: engine.hostId,
          disk: { type: 'only' },
          imageName: 'win11',
          compression: 'zstd',
          afterwards: null,
        }),
      );
      const { runId, token } = await engine.nextWork();
      const wrong = token.replaceAll(/[0-7]/g, '8');
      const path = `/runs/${runId}/streams/p1.raw`;
      const headers = { 'x-openclone-run-token': wrong };
      assert.equal((await server.data({ method: 'PUT', path, headers })).status, 403);
      await engine.capture(runId, token);
      await server.stop();
      const { dataDirectory } = server.options;
      const key = await readFile(join(dataDirectory, 'tls/server.key'), 'utf8');
      const secret = await readFile(join(dataDirectory, 'run-token.key'));
      const text = JSON.stringify(server.captured.lines);
      assert.ok(text.includes('data-refused') && text.includes(runId));
      for (const each of [token, wrong, secret.toString('hex'), secret.toString('base64')]) {
        assert.ok(!text.includes(each));
      }
      for (const line of key.split('\n')) {
        assert.ok(line === '' || line.startsWith('-----') || !text.includes(line));
      }
      assert.doesNotMatch(text, /PRIVATE KEY/);
    });
  });

  test('secrets of runs are made again rather than taken from a file that was cut off', async () => {
    await withDirectory(async (directory) => {
      const path = join(directory, 'run-token.key');
      await writeFile(path, '');
      const tokens = await RunTokens.open(directory);
      const again = await RunTokens.open(directory);
      assert.equal((await readFile(path)).length, 32);
      assert.equal(again.tokenOf(RUN, null), tokens.tokenOf(RUN, null));
    });
  });
});

describe('the certificate', () => {
  test('the certificate is made once, its key readable for root alone, and is valid whatever the clock says', async () => {
    await withDirectory(async (directory) => {
      const certificate = await loadCertificate(run, directory);
      assert.deepEqual(await loadCertificate(run, directory), certificate);
      assert.equal(modeOf(join(directory, 'tls/server.key')), 0o100600);
      assert.equal(modeOf(certificate.path), 0o100644);
      const { stdout } = await run('openssl', ['x509', '-noout', '-text', '-in', certificate.path]);
      assert.match(stdout, /prime256v1/);
      assert.match(stdout, /DNS:openclone/);
      const { validFrom, validTo } = new X509Certificate(certificate.certificate);
      assert.equal(new Date(validFrom).toISOString(), '2000-01-01T00:00:00.000Z');
      assert.equal(new Date(validTo).toISOString(), '2099-12-31T23:59:59.000Z');
      assert.deepEqual(filesBelow(join(directory, 'tls')).sort(), ['server.crt', 'server.key']);
    });
  });
});

describe('the program', () => {
  const program = join(import.meta.dirname, '../../server/main.ts');

  test('the program stops cleanly on SIGTERM and SIGINT, and its log is one JSON object a line', async () => {
    for (const signal of ['SIGTERM', 'SIGINT'] as const) {
      await withStoppedServer(async ({ options, port }) => {
        const args = [
          '--data',
          options.dataDirectory,
          '--images',
          options.imageDirectory,
          '--socket',
          options.socketPath,
          '--socket-group',
          'daemon',
          '--listen',
          '127.0.0.1',
          '--port',
          String(port),
        ];
        const texts: string[] = [];
        const service = startService(process.execPath, [program, ...args], {
          deathSignal: 'KILL',
          input: 'none',
          output: 'stream',
          onText: (text) => texts.push(text),
        });
        assert.ok(service.output !== null);
        const events: string[] = [];
        for await (const line of createInterface({ input: service.output })) {
          const { event } = z.object({ event: z.string() }).parse(JSON.parse(line));
          events.push(event);
          if (event === 'ready') service.kill(signal);
        }
        assert.deepEqual(await service.ended, { status: 0, signal: null });
        assert.deepEqual([events, texts], [['ready', 'stopped'], []]);
        assert.equal(existsSync(options.socketPath), false);
      });
    }
  });

  test('the program refuses arguments that cannot be with exit status 2', async () => {
    for (const args of [['--session-port', '9001'], ['--port', '0'], ['--log-level', 'x'], ['x']]) {
      const result = await run(process.execPath, [program, ...args], { allowedStatuses: [2] });
      assert.match(result.stderr, /^error: /);
    }
  });

  test('the program says in a sentence why it did not start', async () => {
    await withServer(async ({ options }) => {
      const args = ['--data', options.dataDirectory, '--images', options.imageDirectory];
      const { stderr } = await run(process.execPath, [program, ...args], { allowedStatuses: [11] });
      assert.match(stderr, /^openclone server: .*\nhint: .*\n$/);
    });
  });
});
