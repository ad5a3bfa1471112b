/**
 * A real server in the network namespace that the test put it in. Three hosts that are off: pc-1 with work, woken by
 * its task, pc-2 and pc-3 without. Each line of its input is a thing to be done; it says so when it is.
 */

import { createInterface } from 'node:readline';
import { startServer } from '../../../server/compose.ts';
import { RunningServer } from '../running-server.ts';
import { captureTask } from '../../support/task-requests.ts';

const [, , directory = '', port = ''] = process.argv;
const server = new RunningServer(directory, Number(port));
const options = {
  ...server.options,
  wakeTiming: {
    staggerMs: 20,
    repeatMs: 200,
    packets: 1_000_000,
    packetsWithoutReply: 3,
    keepMs: 3_600_000,
  },
};
let started = await startServer(options);
await server.setAutomaticRegistration(true);
let client = await server.operator();
const call: (typeof client)['call'] = (method, parameters) => client.call(method, parameters);
for (const [index, ipAddress] of [
  [1, '10.91.1.7'],
  [2, '10.91.2.7'],
  [3, null],
] as const) {
  const engine = await server.readyEngine(index);
  await call('host.edit', { host: engine.hostId, ipAddress, name: `pc-${index}` });
  engine.peer.close('end.done');
}
for (;;) {
  const { hosts } = await call('status.get', {});
  if (hosts.off === 3) break;
}

const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
  'task for pc-1': () =>
    call(
      'task.create',
      captureTask({
        host: 'pc-1',
        disk: { type: 'only' },
        imageName: 'win11',
        compression: 'zstd',
        afterwards: null,
        wake: true,
      }),
    ),
  'wake all': () => call('host.wake', { targets: ['pc-1', 'pc-2', 'pc-3'] }),
  'wake pc-2': () => call('host.wake', { targets: ['pc-1', 'pc-2'] }),
  'pc-1 comes': () => server.readyEngine(1),
  'server restarts': async () => {
    await started.close();
    started = await startServer(options);
    client = await server.operator();
  },
  status: async () => (await call('status.get', {})).wakes,
};
process.stdout.write('ready\n');
for await (const line of createInterface({ input: process.stdin })) {
  const result = await deeds[line]?.();
  process.stdout.write(
    `${JSON.stringify({ done: line, result: line === 'pc-1 comes' ? null : (result ?? null) })}\n`,
  );
}
await server.stop();
await started.close();
