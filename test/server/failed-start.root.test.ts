/** What is left of a start of the server that fails: nothing. */

import assert from 'node:assert/strict';
import { createHook } from 'node:async_hooks';
import { readdirSync, readlinkSync } from 'node:fs';
import { connect } from 'node:net';
import { describe, test } from 'node:test';
import { setImmediate } from 'node:timers/promises';
import { startServer } from '../../server/compose.ts';
import { withDirectory } from '../support/directories.ts';
import { makeSiteDirectories, sampleSite } from './boot/sample-site.ts';
import { freePort } from '../support/ports.ts';
import { RunningServer } from './running-server.ts';

const HELD = ['Timeout', 'TCPSERVERWRAP', 'PIPESERVERWRAP', 'PROCESSWRAP', 'FSEVENTWRAP'];

/** Timers, listening sockets, watchers and child processes that were made since, and are there still. */
function watchResources(): { readonly left: () => string[]; readonly end: () => void } {
  const alive = new Map<number, string>();
  const hook = createHook({
    init: (id, type) => {
      if (HELD.includes(type)) alive.set(id, type);
    },
    destroy: (id) => {
      alive.delete(id);
    },
  }).enable();
  return { left: () => [...alive.values()], end: () => hook.disable() };
}

/** Where the open file descriptors of this process point, but for those of the runtime itself. */
function openFiles(directory: string): string[] {
  return readdirSync('/proc/self/fd').flatMap((fd) => {
    try {
      const target = readlinkSync(`/proc/self/fd/${fd}`);
      return target.startsWith(directory) ? [target] : [];
    } catch {
      return [];
    }
  });
}

async function isListening(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', () => resolve(false));
  });
}

class Halt extends Error {}

describe('a start of the server that fails at any of its components', () => {
  test('a start of the server that fails at any of its components leaves no timer, socket, file or child process, and the next start succeeds', async () => {
    await withDirectory(async (directory) => {
      const server = new RunningServer(directory, await freePort());
      const site = { ...sampleSite(directory), httpPort: await freePort() };
      await makeSiteDirectories(site, null);
      const names: string[] = [];
      const whole = { ...server.options, site };
      const onStarting = (name: string): void => void names.push(name);
      const resources = watchResources();
      const check = async (name: string): Promise<void> => {
        const left = (): string[] => [...resources.left(), ...openFiles(directory)];
        // Waited for without a timer, which would be one that is left.
        const deadline = performance.now() + 5000;
        while (left().length > 0 && performance.now() < deadline) await setImmediate();
        assert.deepEqual(left(), [], `a start that failed at ${name}`);
        assert.equal(await isListening(server.port), false, name);
      };
      try {
        await (await startServer({ ...whole, onStarting })).close();
        await check('none');
        assert.ok(names.length >= 12, names.join());
        for (const failing of names) {
          const started = startServer({
            ...whole,
            onStarting: (name) => {
              if (name === failing) throw new Halt(name);
            },
          });
          await assert.rejects(started, Halt);
          await check(failing);
        }
        await (await startServer(whole)).close();
      } finally {
        resources.end();
        await server.stop();
      }
    });
  });
});
