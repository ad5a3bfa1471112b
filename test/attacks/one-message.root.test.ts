/** One message of a stranger: whatever is in it, it costs the server little, and others are served meanwhile. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { underAttack, type AttackedServer } from './attacked-server.ts';
import { registerParams } from './stated-host.ts';
import type { Stranger } from './stranger.ts';

const MIB = 1024 * 1024;
/** What the server may have at its highest; it begins with about 130. */
const MOST_MIB = 300;
/** How long a host and an operator who come meanwhile may wait together, on a busy machine. */
const MOST_MS = 10_000;

type Door = (server: AttackedServer) => Promise<Stranger>;
const engine: Door = (server) => server.engine();
const remote: Door = (server) => server.remote();

const call = (params: string): string =>
  `{"jsonrpc":"2.0","id":1,"method":"register","params":${params}}`;
const register = JSON.stringify(registerParams(1));
const wrongDisks = (count: number): string =>
  call(register.replace(/"disks":\[.*\]/, `"disks":[${'0,'.repeat(count)}0]`));
const batch = (one: string, count: number): string => `[${`${one},`.repeat(count)}${one}]`;

const MESSAGES: readonly { readonly what: string; readonly door: Door; readonly text: string }[] = [
  { what: 'of 30 MiB of wrong elements', door: engine, text: wrongDisks(15 * MIB) },
  { what: 'of wrong elements that has just the size', door: engine, text: wrongDisks(31_000) },
  { what: 'of as many wrong elements as there may be', door: engine, text: wrongDisks(19_000) },
  {
    what: 'that is a batch of unknown calls',
    door: engine,
    text: batch('{"jsonrpc":"2.0","id":1,"method":"x"}', 1500),
  },
  {
    what: 'that is a batch of calls without parameters',
    door: engine,
    text: batch('{"jsonrpc":"2.0","id":1,"method":"register"}', 1400),
  },
  {
    what: 'that is a batch of answers',
    door: engine,
    text: batch('{"jsonrpc":"2.0","id":1,"result":1}', 1600),
  },
  { what: 'of 15,000,000 levels', door: engine, text: '['.repeat(15 * MIB) + ']'.repeat(15 * MIB) },
  { what: 'of 30,000 levels', door: engine, text: '['.repeat(30_000) + ']'.repeat(30_000) },
  {
    what: 'of 10,000 levels in its parameters',
    door: engine,
    text: call(`${'{"a":'.repeat(10_000)}1${'}'.repeat(10_000)}`),
  },
  {
    what: 'with an id of 31 MiB',
    door: engine,
    text: JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(31 * MIB), method: 'y' }),
  },
  {
    what: 'with a hundred thousand unknown keys',
    door: engine,
    text: call(`{${Array.from({ length: 100_000 }, (_, at) => `"k${at}":0`).join(',')}}`),
  },
  {
    what: 'that is a batch of calls before a login',
    door: remote,
    text: batch('{"jsonrpc":"2.0","id":1,"method":"status.get"}', 1300),
  },
  {
    what: 'of 4 MiB before a login',
    door: remote,
    text: `{"jsonrpc":"2.0","id":1,"method":"operator.login","params":{"name":"eva","password":"${'x'.repeat(4 * MIB - 200)}"}}`,
  },
];

describe('one message of a stranger', () => {
  test('one message of a stranger costs little, whatever is in it', async (t) => {
    await underAttack(async (server) => {
      for (const { what, door, text } of MESSAGES) {
        await t.test(what, async () => {
          const stranger = await door(server);
          await stranger.raw(text);
          const waited = await server.serviceMs();
          stranger.end();
          assert.ok(server.isRunning, server.stderr);
          const peak = await server.peakMiB();
          assert.ok(peak < MOST_MIB, `${Math.round(peak)} MiB`);
          assert.ok(waited < MOST_MS, `others waited ${Math.round(waited)} ms`);
        });
      }
    });
  });

  test('one message of a stranger that is refused leaves a line that says why, and names ten faults at most', async () => {
    await underAttack(async (server) => {
      const stranger = await server.engine();
      await assert.rejects(
        stranger.call('register', {
          ...Object(registerParams(1)),
          macAddresses: Array.from({ length: 60 }, () => 'x'),
        }),
        (error: Error) => {
          assert.equal(error.message.split('not a MAC address').length - 1, 10);
          assert.ok(error.message.length < 1500, error.message);
          return true;
        },
      );
      await stranger.raw(batch('{"jsonrpc":"2.0","id":1,"method":"register"}', 2));
      assert.match(await stranger.closed, /no single call: batches are not part of the protocol/);
      const [line] = await server.hasLogged('call-refused');
      assert.equal(line?.call, 'register');
      assert.equal((await server.hasLogged('message-refused')).length, 1);
    });
  });
});
