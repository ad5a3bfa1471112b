import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { connectOperator, type OperatorClient } from '../../../lib/client/operator-client.ts';
import { OPERATOR_METHODS } from '../../../lib/protocol/operator-api/table.ts';
import type { Message } from '../../../lib/model/message.ts';
import { message } from '../../../lib/model/messages/table.ts';
import { toldEnd, type ConnectionEnd } from '../../../lib/protocol/connection-end.ts';
import { OPERATOR_PROTOCOL_VERSION } from '../../../lib/protocol/version.ts';
import { SAMPLE_CALLS } from './sample-calls.ts';
import { withServer, type RunningServer } from '../running-server.ts';
import { shutdownTask } from '../../support/task-requests.ts';

const EVA = { name: 'eva', password: 'Schöne Größe 1' };
const TOM = { name: 'tom', password: 'correct horse' };
const UNAUTHORIZED = { code: 'unauthorized' };

type Wishes = {
  readonly loginToken?: string;
  readonly onLoggedOut?: (end: Message) => void;
};

/** A connection over the network, which is ended with the test. */
async function withRemote<T>(
  server: RunningServer,
  work: (client: OperatorClient) => Promise<T>,
  wishes: Wishes = {},
): Promise<T> {
  const certificate = await readFile(join(server.directory, 'data/tls/server.crt'), 'utf8');
  const client = await connectOperator({
    network: { host: '127.0.0.1', port: server.port },
    fingerprint: new X509Certificate(certificate).fingerprint256,
    operator: 'nobody',
    ...wishes,
  });
  try {
    return await work(client);
  } finally {
    client.close();
    await client.closed;
  }
}

function expectLogin(isLoginNeeded: boolean): (client: OperatorClient) => Promise<void> {
  return ({ server }) => {
    assert.equal(server.isLoginNeeded, isLoginNeeded);
    return Promise.resolve();
  };
}

async function withAccounts(work: (server: RunningServer) => Promise<void>): Promise<void> {
  await withServer(async (server) => {
    const { call } = await server.operator();
    await call('operator.add', EVA);
    await call('operator.add', TOM);
    await work(server);
  });
}

describe('a connection over the network', () => {
  test('a connection over the network can do nothing before a login, whatever it calls and however', async () => {
    await withAccounts(async (server) => {
      await withRemote(server, async ({ call, server: greeting }) => {
        assert.deepEqual(Object.keys(greeting).toSorted(), [
          'hostname',
          'isLoginNeeded',
          'programVersion',
          'protocolVersion',
        ]);
        assert.ok(greeting.isLoginNeeded);
        const others = Object.keys(OPERATOR_METHODS).filter(
          (name) => name !== 'server.hello' && name !== 'operator.login',
        );
        for (const name of others) {
          const made: unknown = Reflect.apply(call, undefined, [name, SAMPLE_CALLS[name] ?? {}]);
          await assert.rejects(Promise.resolve(made), UNAUTHORIZED, name);
        }
        await call('server.hello', {
          protocolVersion: OPERATOR_PROTOCOL_VERSION,
          operator: 'root',
          wantsLogin: false,
        });
        await assert.rejects(call('status.get', {}), UNAUTHORIZED);
      });
      const { call } = await server.operator();
      assert.deepEqual(
        (await call('operator.list', {})).map(({ name }) => name),
        ['eva', 'tom'],
      );
    });
  });

  test('a connection over the network is the operator’s after a login, and tasks bear the name', async () => {
    await withAccounts(async (server) => {
      const { hostId } = await server.readyEngine(1);
      await withRemote(server, async ({ call }) => {
        const { name, loginToken } = await call('operator.login', EVA);
        assert.equal(name, 'eva');
        assert.match(loginToken, /^[A-Za-z0-9_-]{43}$/);
        const task = await call('task.create', shutdownTask({ targets: [hostId], mode: 'exit' }));
        assert.equal(task.createdBy, 'eva');
      });
    });
  });

  test('a connection over the network goes on with the token after a break, and not after a logout', async () => {
    await withAccounts(async (server) => {
      const { loginToken } = await withRemote(server, ({ call }) => call('operator.login', EVA));
      const ends: Message[] = [];
      await withRemote(
        server,
        async ({ call, closed, server: greeting }) => {
          assert.equal(greeting.isLoginNeeded, false);
          await call('operator.present', {});
          await call('operator.logout', {});
          assert.deepEqual(await closed, toldEnd('end.login-over'));
        },
        { loginToken, onLoggedOut: (end) => ends.push(end) },
      );
      assert.deepEqual(ends, [message('login.left')]);
      await withRemote(server, expectLogin(true), { loginToken });
    });
  });

  test('a connection over the network makes room when too many from there wait for a login: the oldest goes', async () => {
    await withAccounts(async (server) => {
      let release: () => void = () => undefined;
      const released = new Promise<void>((resolve) => (release = resolve));
      const ends: Promise<ConnectionEnd>[] = [];
      const waiting: Promise<void>[] = [];
      for (let index = 0; index < 8; index += 1) {
        await new Promise<void>((resolve) => {
          const use = async ({ closed }: OperatorClient): Promise<void> => {
            ends.push(closed);
            resolve();
            await released;
          };
          waiting.push(withRemote(server, use));
        });
      }
      await withRemote(server, async ({ call }) => {
        assert.deepEqual(await ends[0], toldEnd('end.too-many-waiting'));
        await call('operator.login', EVA);
      });
      release();
      await Promise.all(waiting);
    });
  });
});

describe('a login', () => {
  test('a login is refused alike for a wrong password and for a name that nobody has, and logged without either', async () => {
    await withAccounts(async (server) => {
      // However slow the machine is, the pause after the third one is not over.
      server.loginStoppedAt = performance.now();
      const refusals: string[] = [];
      await withRemote(server, async ({ call }) => {
        for (const attempt of [
          { name: 'eva', password: 'wrong password' },
          { name: 'nobody', password: EVA.password },
          { name: 'Typed@theWrongPlace', password: 'eva' },
        ]) {
          await assert.rejects(call('operator.login', attempt), (error) => {
            assert.ok(error instanceof Error);
            refusals.push(error.message);
            return true;
          });
        }
        await assert.rejects(call('operator.login', { ...EVA, name: 'tom' }), /too many wrong/);
      });
      assert.deepEqual(new Set(refusals).size, 1);
      const text = JSON.stringify(server.captured.lines);
      assert.equal(server.captured.lines.filter(isRefusal).length, 3);
      assert.ok(!text.includes('Typed@theWrongPlace'));
      assert.ok(!text.includes(EVA.password));
    });
  });

  test('a login over the socket is asked for only by programs that want one, and only when there is an account', async () => {
    await withServer(async (server) => {
      const open = async (wantsLogin: boolean): Promise<boolean> => {
        const { socketPath } = server.options;
        const client = await connectOperator({ socketPath, operator: 'root', wantsLogin });
        if (client.server.isLoginNeeded)
          await assert.rejects(client.call('status.get', {}), UNAUTHORIZED);
        else await client.call('status.get', {});
        client.close();
        return client.server.isLoginNeeded;
      };
      assert.deepEqual([await open(true), await open(false)], [false, false]);
      await (await server.operator()).call('operator.add', EVA);
      assert.deepEqual([await open(true), await open(false)], [true, false]);
    });
  });
});

describe('an idle login', () => {
  test('an idle login ends after the minutes that are set, on all its connections, whatever they watch', async () => {
    await withAccounts(async (server) => {
      const { call } = await server.operator();
      await call('settings.set', { idleMinutes: 10 });
      const ends: Message[] = [];
      const onLoggedOut = (end: Message): number => ends.push(end);
      await withRemote(
        server,
        async ({ call: ask, closed }) => {
          const { loginToken } = await ask('operator.login', EVA);
          server.loginAgeMs += 9 * 60_000;
          await ask('operator.present', {});
          server.loginAgeMs += 9 * 60_000;
          await ask('status.watch', { intervalMs: 1000 });
          await withRemote(server, expectLogin(false), { loginToken });
          server.loginAgeMs += 2 * 60_000;
          await withRemote(server, expectLogin(true), { loginToken });
          assert.deepEqual(await closed, toldEnd('end.login-over'));
        },
        { onLoggedOut },
      );
      assert.deepEqual(ends, [message('login.idle', { minutes: 10 })]);
    });
  });
});

describe('the own account', () => {
  test('the own account gets another password with the old one alone; other logins of it end', async () => {
    await withAccounts(async (server) => {
      const password = 'another password';
      const { loginToken } = await withRemote(server, ({ call }) => call('operator.login', EVA));
      await withRemote(server, async ({ call }) => {
        await call('operator.login', EVA);
        await assert.rejects(call('operator.password', { name: 'eva', password }), UNAUTHORIZED);
        await assert.rejects(
          call('operator.password', { name: 'eva', password, oldPassword: TOM.password }),
          UNAUTHORIZED,
        );
        await call('operator.password', { name: 'eva', password, oldPassword: EVA.password });
        await call('status.get', {});
      });
      await withRemote(
        server,
        async ({ call, server: greeting }) => {
          assert.ok(greeting.isLoginNeeded);
          await assert.rejects(call('operator.login', EVA), UNAUTHORIZED);
          await call('operator.login', { name: 'eva', password });
        },
        { loginToken },
      );
    });
  });

  test('the own account gets another name that nobody has, with the password; the login goes on under it', async () => {
    await withAccounts(async (server) => {
      await withRemote(server, async ({ call }) => {
        await call('operator.login', EVA);
        const rename = { name: 'eva', newName: 'eve' };
        await assert.rejects(call('operator.rename', rename), UNAUTHORIZED);
        const { password } = EVA;
        await assert.rejects(call('operator.rename', { ...rename, newName: 'tom', password }), {
          code: 'name-taken',
        });
        await call('operator.rename', { ...rename, password });
        await assert.rejects(call('operator.rename', { ...rename, password }), {
          code: 'not-found',
        });
        await call('operator.rename', { name: 'tom', newName: 'thomas' });
        assert.deepEqual(
          (await call('operator.list', {})).map(({ name }) => name),
          ['eve', 'thomas'],
        );
      });
      await withRemote(server, ({ call }) => call('operator.login', { ...EVA, name: 'eve' }));
    });
  });

  test('the own account that is deleted ends its logins', async () => {
    await withAccounts(async (server) => {
      const ends: Message[] = [];
      await withRemote(
        server,
        async ({ call, closed }) => {
          await call('operator.login', EVA);
          await call('operator.delete', { name: 'eva' });
          assert.deepEqual(await closed, toldEnd('end.login-over'));
        },
        { onLoggedOut: (end) => ends.push(end) },
      );
      assert.deepEqual(ends, [message('login.account-deleted')]);
    });
  });
});

function isRefusal(entry: unknown): boolean {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'event' in entry &&
    entry.event === 'login-refused'
  );
}
