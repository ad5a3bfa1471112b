/** A big school for the UI's benchmark: the real server with thousands of hosts, some of them really connected and working. */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { connectOperator, type OperatorClient } from '../../lib/client/operator-client.ts';
import { startService, type Service } from '../../lib/exec/service.ts';
import { GroupId } from '../../lib/model/ids.ts';
import { Store } from '../../server/store/store.ts';
import { freePort } from '../support/ports.ts';
import { sampleHost } from '../server/store/sample-data.ts';
import { shutdownTask } from '../support/task-requests.ts';

const SERVER = fileURLToPath(new URL('../../server/main.ts', import.meta.url));
const CROWD = fileURLToPath(new URL('engine-crowd.ts', import.meta.url));
const HOSTS_IN_GROUP = 30;
/** How long server and engines may take to be there. */
const PATIENCE_MS = 120_000;

export type UiRoom = {
  readonly socketPath: string;
  readonly serverPid: number;
};

export type UiRoomOptions = {
  readonly hosts: number;
  /** How many of them have an engine, and work. */
  readonly working: number;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
};

/** Gives `work` a server whose hosts 1 to `working` report once a second; ends and removes all of it. */
export async function withUiRoom<T>(
  { hosts, working, signal, say }: UiRoomOptions,
  work: (room: UiRoom) => Promise<T>,
): Promise<T> {
  const directory = mkdtempSync(join(tmpdir(), 'openclone-bench-ui-'));
  const services: Service[] = [];
  try {
    say(`storing ${hosts} hosts`);
    await fillStore(join(directory, 'data'), hosts);
    const port = await freePort();
    const socketPath = join(directory, 'server.sock');
    const server = start(SERVER, [
      '--data',
      join(directory, 'data'),
      '--images',
      join(directory, 'images'),
      '--socket',
      socketPath,
      '--socket-group',
      'root',
      '--log-level',
      'error',
      '--listen',
      '127.0.0.1',
      '--port',
      String(port),
    ]);
    services.push(server);
    const operator = await untilConnected(socketPath, signal);
    say(`connecting ${working} engines`);
    services.push(start(CROWD, [directory, String(port), String(working)]));
    await untilStatus(operator, signal, ({ idle }) => idle === working);
    const targets = Array.from({ length: working }, (_, index) => sampleHost(index + 1).id);
    await operator.call('task.create', shutdownTask({ targets, mode: 'exit' }));
    await untilStatus(operator, signal, ({ working: busy }) => busy === working);
    operator.close();
    return await work({ socketPath, serverPid: server.pid ?? 0 });
  } finally {
    for (const service of services.toReversed()) service.kill('SIGTERM');
    await Promise.all(services.map(({ ended }) => ended));
    rmSync(directory, { recursive: true, force: true });
  }
}

function start(program: string, args: readonly string[]): Service {
  return startService(process.execPath, [program, ...args], {
    deathSignal: 'KILL',
    input: 'none',
    output: 'none',
    onText: (text) => process.stderr.write(text),
  });
}

async function fillStore(directory: string, hosts: number): Promise<void> {
  const store = await Store.open(directory);
  await store.change((data) => {
    for (let index = 1; index <= hosts; index += 1) {
      const room = Math.ceil(index / HOSTS_IN_GROUP);
      const groupId = GroupId.parse(`group-${String(room).padStart(10, '0')}`);
      if (index % HOSTS_IN_GROUP === 1)
        data.groups.push({
          id: groupId,
          name: `room-${room}`,
          createdAt: '2026-11-21T07:00:00.000Z',
        });
      data.hosts.push({ ...sampleHost(index), groupId });
    }
  });
  await store.close();
}

async function untilConnected(socketPath: string, signal: AbortSignal): Promise<OperatorClient> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    try {
      return await connectOperator({ socketPath, operator: 'bench' });
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await delay(200, undefined, { signal });
  }
}

type HostCounts = Awaited<ReturnType<typeof readCounts>>;

async function readCounts({
  call,
}: OperatorClient): Promise<{ readonly idle: number; readonly working: number }> {
  return (await call('status.get', {})).hosts;
}

async function untilStatus(
  client: OperatorClient,
  signal: AbortSignal,
  isIt: (counts: HostCounts) => boolean,
): Promise<void> {
  const deadline = performance.now() + PATIENCE_MS;
  for (;;) {
    const counts = await readCounts(client);
    if (isIt(counts)) return;
    if (performance.now() > deadline)
      throw new Error(`not all engines came: ${JSON.stringify(counts)}`);
    await delay(500, undefined, { signal });
  }
}
