/**
 * Runs whose operations are done by all three kinds of workers. No kind of the product is an agent's or the server's yet:
 * after `sharedWork()`, "partition" is the agent's and "capture" the server's, by the traits that everything asks.
 */

import assert from 'node:assert/strict';
import type { Operation } from '../../../lib/model/operation.ts';
import { giveTo } from '../../support/given-worker.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import type { Message } from '../../../lib/model/message.ts';
import type { Run, Task } from '../../../lib/model/task.ts';
import { bootChoiceOf } from '../../../lib/rules/boot-choice.ts';
import { OPERATIONS } from '../../../server/tasks/operations/table.ts';
import type { ServerOperations } from '../../../server/tasks/operations/row.ts';
import { type FakeEngine } from '../fake-engine.ts';
import { operationEnded, plan, started, stepEnded } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { type RoomOptions } from '../room-parts.ts';
import { IMAGE, VERSION } from '../image-store/sample-manifest.ts';

export const DISK = { type: 'only' } as const;
export const BY_ENGINE: Operation = {
  type: 'deploy',
  disk: DISK,
  imageId: IMAGE,
  versionId: VERSION,
  transport: 'unicast',
  gatherMs: 0,
};
export const BY_AGENT: Operation = {
  type: 'partition',
  disk: DISK,
  imageId: IMAGE,
  versionId: VERSION,
};
export const BY_SERVER: Operation = {
  type: 'capture',
  disk: DISK,
  imageName: 'told',
  compression: 'zstd',
};
export const LAST: Operation = { type: 'shutdown', mode: 'power-off' };

export const MIXED = [BY_ENGINE, BY_SERVER, BY_AGENT, LAST];

/** From now on, in this process. */
export function sharedWork(): void {
  giveTo('agent', 'partition');
  giveTo('server', 'capture');
}

/** The server's part, which the test lets go on: how often it was begun, and how it ends. */
export class Notice {
  begun = 0;
  isRepeatable = true;
  #settle: { readonly resolve: () => void; readonly reject: (error: Error) => void } | undefined;
  #begun: (() => void)[] = [];

  get operations(): ServerOperations {
    return {
      ...OPERATIONS,
      partition: { ...OPERATIONS.partition, by: 'agent' },
      capture: {
        by: 'server',
        wantedAgain: (_data, operation) => operation,
        resolve: OPERATIONS.capture.resolve,
        isRepeatable: this.isRepeatable,
        steps: () => [
          {
            id: 'tell',
            title: verbatim('tell somebody'),
            work: async ({ signal }) => this.#work(signal),
          },
        ],
      },
    };
  }

  async #work(signal: AbortSignal): Promise<Message> {
    this.begun += 1;
    const done = new Promise<void>((resolve, reject) => {
      this.#settle = { resolve, reject };
      signal.addEventListener('abort', () => reject(new Error('stopped')));
    });
    for (const tell of this.#begun.splice(0)) tell();
    await done;
    return verbatim('somebody was told');
  }

  /** Resolves when it has been begun this many times. */
  async hasBegun(times = 1): Promise<void> {
    while (this.begun < times) await new Promise<void>((resolve) => this.#begun.push(resolve));
  }

  end(): void {
    this.#settle?.resolve();
  }

  fail(): void {
    this.#settle?.reject(new Error('nobody is there'));
  }
}

export type Setting = { readonly room: Room; readonly notice: Notice; readonly task: Task };

/** A room of one host with an image, and a task of these operations. */
export async function withTask(
  operations: readonly Operation[],
  use: (setting: Setting) => Promise<void>,
  { wake = false, ...options }: RoomOptions & { readonly wake?: boolean } = {},
): Promise<void> {
  const notice = new Notice();
  await withRoom({ ...options, operations: notice.operations }, async (room) => {
    await room.addImage();
    const task = await room.addTask([1], operations, { wake });
    await use({ room, notice, task });
  });
}

export function stateOf({ room, task }: Setting): string {
  const { state, operationIndex, move } = room.run(task, 1);
  return `${state} at ${operationIndex}${move === undefined ? '' : `, sent to the ${move.to}`}`;
}

export function bootsOf({ room }: Setting): string {
  const data = room.store.read();
  const [host] = data.hosts;
  assert.ok(host !== undefined);
  return bootChoiceOf(host, data, { hasBuild: true, isServing: true, now: Date.now() });
}

/** Resolves when the run is so: what the server does itself goes on by itself. */
export async function becomes(setting: Setting, expected: string): Promise<void> {
  const { room } = setting;
  for (let seen = -1; stateOf(setting) !== expected;) {
    if (seen === room.changes) await new Promise((resolve) => setImmediate(resolve));
    seen = room.changes;
  }
}

/** The worker does the operation that it is given now, to its end. */
export async function doNext(worker: FakeEngine, stepId: string, writes = false): Promise<void> {
  const { runId, operationIndex } = await worker.nextWork();
  const diskOutcome = writes ? 'complete' : 'untouched';
  await worker.report(runId, plan(stepId), started(stepId));
  const end = operationEnded('completed', { operationIndex, diskOutcome });
  await worker.report(runId, stepEnded(stepId), end);
}

/** To where the agent is at its operation, after those of the engine and of the server. */
export async function atAgent(setting: Setting): Promise<{ agent: FakeEngine; run: Run }> {
  const { room, notice, task } = setting;
  const engine = await room.connect(1);
  await doNext(engine, 'write-p1', true);
  await notice.hasBegun();
  notice.end();
  await becomes(setting, 'waiting at 2');
  assert.deepEqual(await engine.next(), { type: 'restart', into: 'disk' });
  room.disconnect(engine);
  const agent = await room.connect(1, null, { kind: 'agent' });
  const { runId } = await agent.nextWork();
  await agent.report(runId, plan('join-domain'), started('join-domain'));
  return { agent, run: room.run(task, 1) };
}
