/** One session of the server, to be run in a network namespace: says in JSON lines what happens in it. */

import { readFileSync } from 'node:fs';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { setImmediate } from 'node:timers/promises';
import { z } from 'zod';
import { openLog } from '../../../lib/log.ts';
import { HostId, ImageId, RunId, SessionId, TaskId, VersionId } from '../../../lib/model/ids.ts';
import { MulticastSession } from '../../../server/sessions/multicast-session.ts';

const Options = z.object({
  interfaceName: z.string(),
  portBase: z.number(),
  dataAddress: z.string(),
  file: z.string(),
  directory: z.string(),
  /** The addresses of each member: all of them are ready. */
  members: z.array(z.array(z.string())),
  /** The program stands still for so long as soon as the sender runs. */
  haltMs: z.number(),
});

const say = (line: Readonly<Record<string, unknown>>): void => {
  process.stdout.write(`${JSON.stringify(line)}\n`);
};

const { members, file, interfaceName, portBase, dataAddress, directory, haltMs } = Options.parse(
  JSON.parse(process.argv[2] ?? ''),
);
const number = (index: number): string => String(index).padStart(10, '0');
const { size } = await stat(file);
const session = new MulticastSession({
  id: SessionId.parse(`session-${number(1)}`),
  taskId: TaskId.parse(`task-${number(1)}`),
  operationIndex: 0,
  imageId: ImageId.parse(`image-${number(1)}`),
  versionId: VersionId.parse(`version-${number(1)}`),
  route: { interfaceName, sourceAddress: '10.92.0.1', direct: true },
  address: { portBase, dataAddress },
  transmission: { pieces: [{ type: 'file', path: file, sizeBytes: size }], totalBytes: size },
  directory,
  gatherMs: 60_000,
  sender: { retriesUntilDrop: 30, ttl: 1, maxBitsPerSecond: 40_000_000 },
  log: openLog('error'),
  onChanged: () => undefined,
  onDropped: (runId) => say({ type: 'dropped', runId }),
  onStranger: (address) => say({ type: 'stranger', address }),
  onEnded: (error) => {
    say({ type: 'ended', error: error?.message ?? null });
    process.exit(0);
  },
});
session.setPendingCount(1);
for (const [index, addresses] of members.entries()) {
  const runId = RunId.parse(`run-${number(index)}`);
  session.join(HostId.parse(`host-${number(index)}`), runId, addresses);
  session.markReady(runId);
}
session.setPendingCount(0);
if (haltMs > 0) {
  // The sender is a process of its own from the moment in which it is there.
  const sender = join('/proc', String(process.pid), 'task', String(process.pid), 'children');
  while (readFileSync(sender, 'utf8').trim().split(' ').length < 2) await setImmediate();
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, haltMs);
}
