/** Strangers in a multicast session, with the real sender and real receivers: only members count, and nobody waits for others. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, test, type TestContext } from 'node:test';
import { z } from 'zod';
import { receiverArguments } from '../../../engine/transport/multicast-receiver.ts';
import { run } from '../../../lib/exec/run.ts';
import { SessionId } from '../../../lib/model/ids.ts';
import { afterTest, scratchDirectory } from '../../engine/scratch-disk.ts';
import { addMachine, addSwitch, INTERFACE, removeNamespace } from '../../lab/network.ts';

const PORT = 9300;
const Line = z.discriminatedUnion('type', [
  z.object({ type: z.literal('stranger'), address: z.string().nullable() }),
  z.object({ type: z.literal('dropped'), runId: z.string() }),
  z.object({ type: z.literal('ended'), error: z.string().nullable() }),
]);
type Line = z.infer<typeof Line>;

/** Packets of UDPcast (udpc-protoc.h): "I want to receive", with capabilities and a buffer of 4 kB; and "begin". */
const CONNECT = [0, 3, 0, 0, 0, 0, 0, 9, 0, 0, 16, 0];
const GO = [0, 2, 0, 0];

const addressOf = (host: number): string => `10.92.0.${host + 1}`;

/** A switch with the server and `count` hosts. */
class Room {
  readonly #t: TestContext;
  readonly #prefix = `octest-${process.pid}`;
  readonly content = randomBytes(4_000_000);
  readonly directory: string;

  private constructor(t: TestContext, directory: string) {
    this.#t = t;
    this.directory = directory;
  }

  static async make(t: TestContext, count: number): Promise<Room> {
    const room = new Room(t, await scratchDirectory(t));
    await writeFile(join(room.directory, 'content'), room.content);
    const switchNamespace = `${room.#prefix}-switch`;
    afterTest(t, () => removeNamespace(run, switchNamespace));
    await addSwitch(run, switchNamespace);
    for (let index = 0; index <= count; index += 1) {
      const namespace = room.#namespace(index);
      afterTest(t, () => removeNamespace(run, namespace));
      await addMachine(run, {
        namespace,
        switchNamespace,
        port: `port${index}`,
        address: `${addressOf(index)}/24`,
        mac: `52:54:00:92:00:0${index + 1}`,
      });
    }
    return room;
  }

  /** The server's is 0. */
  #namespace(index: number): string {
    return `${this.#prefix}-${index}`;
  }

  /** A program in the namespace of a host; it is killed when the test is over. */
  start(host: number, program: string, ...args: readonly string[]): ChildProcess {
    const child = spawn('ip', ['netns', 'exec', this.#namespace(host), program, ...args], {
      stdio: ['ignore', 'pipe', 'ignore'],
    });
    const ended = once(child, 'exit');
    afterTest(this.#t, () => {
      child.kill('SIGCONT');
      child.kill('SIGKILL');
      return ended;
    });
    return child;
  }

  /** An engine's receiver; resolves when it waits for the sender. `received` is what it got. */
  async receive(host: number): Promise<{ received: () => Promise<Buffer> }> {
    const file = join(this.directory, `received-${host}`);
    const source = {
      type: 'multicast' as const,
      sessionId: SessionId.parse('session-0000000001'),
      portBase: PORT,
      rendezvousAddress: null,
      ttl: 1,
      startTimeoutMs: 60_000,
    };
    const child = this.start(
      host,
      'udp-receiver',
      ...receiverArguments(source, INTERFACE),
      '--file',
      file,
    );
    await this.#listens(host);
    const ended = once(child, 'exit');
    return {
      received: async () => {
        await ended;
        return readFile(file);
      },
    };
  }

  /** The server's session for the `members`, each with its addresses; returns the lines until it is over. */
  async send(members: readonly (readonly string[])[], haltMs = 0): Promise<Line[]> {
    const options = {
      interfaceName: INTERFACE,
      portBase: PORT,
      dataAddress: '239.192.7.7',
      members,
      haltMs,
      file: join(this.directory, 'content'),
      directory: join(this.directory, 'frames'),
    };
    const program = join(import.meta.dirname, 'session-program.ts');
    const child = this.start(0, process.execPath, program, JSON.stringify(options));
    assert.ok(child.stdout !== null);
    const lines: Line[] = [];
    for await (const line of createInterface({ input: child.stdout })) {
      lines.push(Line.parse(JSON.parse(line)));
    }
    return lines;
  }

  /** Sends a packet to the sender again and again; resolves when it has begun. Whatever comes back is not answered. */
  async say(host: number, packet: readonly number[]): Promise<void> {
    const program = `const s = require('node:dgram').createSocket('udp4');
      const say = () => s.send(Buffer.from(${JSON.stringify(packet)}), ${PORT + 1}, '${addressOf(0)}');
      s.bind(${PORT}, () => { setInterval(say, 5); console.log('begun'); });`;
    const child = this.start(host, process.execPath, '-e', program);
    if (child.stdout !== null) await once(child.stdout, 'data');
  }

  async #listens(host: number): Promise<void> {
    const args = ['netns', 'exec', this.#namespace(host), 'ss', '-Hlun', `sport = :${PORT}`];
    for (;;) {
      const { stdout } = await run('ip', args);
      if (stdout.trim() !== '') return;
    }
  }
}

const ENDED_WELL: Line = { type: 'ended', error: null };
const isTold = (lines: readonly Line[]): (string | null)[] =>
  lines.flatMap((line) => (line.type === 'stranger' ? [line.address] : []));

describe('a transmission', () => {
  test('a transmission to its members is not disturbed, by whichever of their addresses they receive', async (t) => {
    const room = await Room.make(t, 2);
    const receivers = [await room.receive(1), await room.receive(2)];
    const lines = await room.send([[addressOf(1)], ['192.0.2.1', addressOf(2)]]);
    assert.deepEqual(lines, [ENDED_WELL]);
    for (const { received } of receivers) assert.deepEqual(await received(), room.content);
  });

  test('a transmission is ended when a stranger connects before all members are there', async (t) => {
    const room = await Room.make(t, 3);
    await room.receive(1);
    await room.receive(3);
    const lines = await room.send([[addressOf(1)], [addressOf(2)]]);
    assert.deepEqual(isTold(lines), [addressOf(3)]);
    assert.match(JSON.stringify(lines.at(-1)), /no member/);
  });

  test('a transmission does not wait for a stranger that connects and then is silent', async (t) => {
    const room = await Room.make(t, 3);
    await room.receive(1);
    await room.receive(2);
    await room.say(3, CONNECT);
    const lines = await room.send([[addressOf(1)], [addressOf(2)]]);
    assert.deepEqual(isTold(lines), [addressOf(3)]);
    assert.match(JSON.stringify(lines.at(-1)), /no member/);
  });

  test('a transmission that the sender begins by itself without a member is not ended, however late the server hears of it', async (t) => {
    const room = await Room.make(t, 2);
    const { received } = await room.receive(1);
    assert.deepEqual(await room.send([[addressOf(1)], [addressOf(2)]], 14_000), [ENDED_WELL]);
    assert.deepEqual(await received(), room.content);
  });

  test('a transmission is ended when somebody else tells the sender to begin', async (t) => {
    const room = await Room.make(t, 3);
    await room.receive(1);
    await room.say(3, GO);
    const lines = await room.send([[addressOf(1)], [addressOf(2)]]);
    assert.deepEqual(isTold(lines), [null]);
    assert.match(JSON.stringify(lines.at(-1)), /no member took part \(address unknown\)/);
  });
});
