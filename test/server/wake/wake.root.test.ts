/** Magic packets on the wire: a real server with two subnets, each a network namespace that listens. */

import assert from 'node:assert/strict';
import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { test } from 'node:test';
import { z } from 'zod';
import { run } from '../../../lib/exec/run.ts';
import { Wake } from '../../../lib/model/wake.ts';
import { removeNamespace } from '../../lab/network.ts';
import { sampleHost } from '../store/sample-data.ts';
import { withDirectory } from '../../support/directories.ts';

const PREFIX = `oc-wake-${process.pid}`;
const SERVER = `${PREFIX}-server`;
const ROOMS = [1, 2] as const;
const Packet = z.object({ from: z.string(), mac: z.string(), bytes: z.number() });
type Packet = z.infer<typeof Packet>;

const MAC = { 'pc-1': sampleHost(1).mac, 'pc-2': sampleHost(2).mac, 'pc-3': sampleHost(3).mac };

/** A program in a namespace, line by line. */
class Program {
  readonly lines: string[] = [];
  readonly #child: ChildProcess;
  #wake: (() => void)[] = [];

  constructor(namespace: string, file: string, ...args: string[]) {
    const program = join(import.meta.dirname, file);
    this.#child = spawn('ip', ['netns', 'exec', namespace, process.execPath, program, ...args], {
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    const { stdout } = this.#child;
    assert.ok(stdout !== null);
    createInterface({ input: stdout }).on('line', (line) => {
      this.lines.push(line);
      for (const wake of this.#wake.splice(0)) wake();
    });
  }

  /** Resolves when the lines so far are enough. The test's own time limit ends a vain wait. */
  async until(isEnough: (lines: readonly string[]) => boolean): Promise<void> {
    while (!isEnough(this.lines)) await new Promise<void>((done) => this.#wake.push(done));
  }

  get packets(): Packet[] {
    return this.lines
      .filter((line) => line !== 'ready')
      .map((line) => Packet.parse(JSON.parse(line)));
  }

  count(mac: string): number {
    return this.packets.filter((packet) => packet.mac === mac).length;
  }

  /** Has the program do something; returns the result. */
  async order(deed: string): Promise<unknown> {
    const before = this.lines.length;
    this.#child.stdin?.write(`${deed}\n`);
    await this.until(({ length }) => length > before);
    const answer = z.object({ done: z.literal(deed), result: z.unknown() });
    return answer.parse(JSON.parse(this.lines[before] ?? '')).result;
  }

  async end(): Promise<void> {
    if (this.#child.exitCode !== null || this.#child.signalCode !== null) return;
    const exit = once(this.#child, 'exit');
    this.#child.stdin?.end();
    this.#child.kill('SIGTERM');
    await exit;
  }
}

test(
  'packets arrive as broadcasts in the right subnets, and stop when the engine is there',
  { timeout: 60_000 },
  async () => {
    await withDirectory(async (directory) => {
      const programs: Program[] = [];
      const start = async (...args: ConstructorParameters<typeof Program>): Promise<Program> => {
        const program = new Program(...args);
        programs.push(program);
        await program.until((lines) => lines.includes('ready'));
        return program;
      };
      try {
        await makeRooms();
        const room1 = await start(`${PREFIX}-1`, 'listen-program.ts', '10.91.1.255');
        const room2 = await start(`${PREFIX}-2`, 'listen-program.ts', '10.91.2.255');
        const server = await start(SERVER, 'wake-program.ts', directory, '7077');

        await server.order('task for pc-1');
        await room1.until(() => room1.count(MAC['pc-1']) >= 2);
        // An update in the middle of it: the work is still waited for, so it goes on.
        await server.order('server restarts');
        const sent = room1.count(MAC['pc-1']);
        await room1.until(() => room1.count(MAC['pc-1']) >= sent + 5);
        await server.order('wake all');
        // pc-3 is in neither: its packets go into both.
        await room2.until(() => room2.count(MAC['pc-2']) >= 3 && room2.count(MAC['pc-3']) >= 3);
        await room1.until(() => room1.count(MAC['pc-3']) >= 3);
        assert.equal(room1.count(MAC['pc-2']), 0);
        assert.equal(room2.count(MAC['pc-1']), 0);
        for (const [room, program] of [room1, room2].entries()) {
          for (const { from, bytes } of program.packets) {
            assert.deepEqual([from, bytes], [`10.91.${room + 1}.1`, 102]);
          }
        }
        const wakes = z.array(Wake).parse(await server.order('status'));
        assert.deepEqual(
          wakes.map(({ hostName, state, error }) => [hostName, state, error]).toSorted(),
          [
            ['pc-1', 'waking', null],
            ['pc-2', 'sent', null],
            ['pc-3', 'sent', null],
          ],
        );

        await server.order('pc-1 comes');
        const seen = room2.count(MAC['pc-2']);
        await server.order('wake pc-2');
        await room2.until(() => room2.count(MAC['pc-2']) > seen);
        const packets = room1.count(MAC['pc-1']);
        // Meanwhile two more would have been due.
        await room2.until(() => room2.count(MAC['pc-2']) >= seen + 3);
        assert.equal(room1.count(MAC['pc-1']), packets);
        assert.deepEqual(
          z
            .array(Wake)
            .parse(await server.order('status'))
            .map(({ hostName }) => hostName),
          ['pc-3', 'pc-2'],
        );
      } finally {
        for (const program of programs) await program.end();
        for (const name of [SERVER, ...ROOMS.map((room) => `${PREFIX}-${room}`)]) {
          await removeNamespace(run, name);
        }
      }
    });
  },
);

/** The server's namespace with one cable to each room's. */
async function makeRooms(): Promise<void> {
  const ip = (...args: string[]) => run('ip', args);
  await ip('netns', 'add', SERVER);
  await ip('-netns', SERVER, 'link', 'set', 'lo', 'up');
  for (const room of ROOMS) {
    const name = `${PREFIX}-${room}`;
    await ip('netns', 'add', name);
    await ip(
      'link',
      'add',
      'name',
      `room${room}`,
      'netns',
      SERVER,
      'type',
      'veth',
      'peer',
      'name',
      'eth0',
      'netns',
      name,
    );
    await ip('-netns', SERVER, 'address', 'add', `10.91.${room}.1/24`, 'dev', `room${room}`);
    await ip('-netns', name, 'address', 'add', `10.91.${room}.7/24`, 'dev', 'eth0');
    await ip('-netns', SERVER, 'link', 'set', `room${room}`, 'up');
    await ip('-netns', name, 'link', 'set', 'eth0', 'up');
  }
}
