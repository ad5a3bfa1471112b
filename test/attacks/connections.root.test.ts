/** Connections that do nothing: they shut out nobody, wherever they knock. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { describe, test } from 'node:test';
import { OPERATOR_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import { getByHttp } from '../security/room-under-attack.ts';
import { underAttack } from './attacked-server.ts';
import type { Stranger } from './stranger.ts';

async function idle(port: number, count: number, localAddress: string): Promise<Socket[]> {
  const sockets: Socket[] = [];
  for (let index = 0; index < count; index += 1) {
    const socket = connect({ host: '127.0.0.1', port, localAddress });
    socket.on('error', () => undefined);
    await once(socket, 'connect');
    sockets.push(socket);
  }
  return sockets;
}

describe('connections that do nothing', () => {
  test('connections that do nothing do not shut the boot files to others, whether from one address or from many', async () => {
    await underAttack(async (server) => {
      const sockets = await idle(server.httpPort, 1100, '127.0.0.2');
      for (let address = 10; address < 60; address += 1) {
        sockets.push(...(await idle(server.httpPort, 30, `127.0.1.${address}`)));
      }
      const path = '/boot/20261121-113000-1a2b/vmlinuz';
      assert.equal((await getByHttp(server.httpPort, path)).status, 200);
      assert.ok(server.logged('http-connection-refused').length > 0);
      for (const socket of sockets) socket.destroy();
    });
  });

  test('connections that do nothing do not shut the port of engines and operators, with or without TLS', async () => {
    await underAttack(async (server) => {
      const sockets = await idle(server.port, 1500, '127.0.0.2');
      const strangers: Stranger[] = [];
      for (let index = 0; index < 100; index += 1) {
        strangers.push(await server.engine({ localAddress: '127.0.0.3' }));
      }
      assert.ok((await server.serviceMs()) < 10_000);
      for (const socket of sockets) socket.destroy();
    });
  });

  test('connections that do nothing do not shut logins to others, from eight addresses of one laptop', async () => {
    await underAttack(async (server) => {
      const { call, close } = await server.operator();
      await call('operator.add', { name: 'eva', password: 'correct horse' });
      close();
      for (let index = 0; index < 100; index += 1) {
        await server.remote({ localAddress: `127.0.2.${(index % 8) + 1}` });
      }
      const eva = await server.remote({ localAddress: '127.0.3.1' });
      await eva.call('server.hello', {
        protocolVersion: OPERATOR_PROTOCOL_VERSION,
        operator: 'eva',
      });
      await eva.call('operator.login', { name: 'eva', password: 'correct horse' });
      await eva.call('status.get', {});
    });
  });

  test('connections that do nothing are ended when no call comes', async () => {
    await underAttack(async (server) => {
      const stranger = await server.engine();
      assert.match(await stranger.closed, /no call came in time/);
      assert.equal((await server.hasLogged('engine-refused')).length, 1);
    });
  });
});
