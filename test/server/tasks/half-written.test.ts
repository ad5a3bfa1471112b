import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  withRoom,
  operationEnded,
  plan,
  started,
  type FakeEngine,
  type Room,
} from '../sample-room.ts';
import type { RunId } from '../../../lib/model/ids.ts';
import type { HalfWritten } from '../../../lib/model/host.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';

const DISK = '/dev/sda (Samsung SSD 860, serial S3Z8, 500107862016 bytes)';
/** The same disk when the kernel has found it second. */
const DISK_MOVED = DISK.replace('/dev/sda', '/dev/sdb');
const OTHER_DISK = '/dev/sda (Samsung SSD 860, serial S3Z9, 500107862016 bytes)';

function planOn(disk: string, ...steps: string[]): RunEvent {
  const event = plan(...steps);
  assert.ok(event.type === 'plan');
  return { ...event, disk };
}

/** A deploy to host 1 that has begun to write to the disk. */
async function writingTo(
  room: Room,
  disk: string,
  engine?: FakeEngine,
): Promise<{ engine: FakeEngine; runId: RunId }> {
  await room.deploy([1], { transport: 'unicast' });
  const at = engine ?? (await room.connect(1));
  const { runId } = await at.nextWork();
  await at.report(runId, planOn(disk, 'write-p1'), started('write-p1'));
  return { engine: at, runId };
}

function halfWritten(room: Room): HalfWritten | null {
  const host = room.store.read().hosts.find(({ id }) => id === room.host(1));
  assert.ok(host !== undefined);
  return host.halfWritten;
}

async function withImage(use: (room: Room) => Promise<void>): Promise<void> {
  await withRoom({ graceMs: 0 }, async (room) => {
    await room.addImage();
    await use(room);
  });
}

describe('a host knows of its half-written disk', () => {
  for (const diskOutcome of ['cleared', 'unknown'] as const) {
    for (const outcome of ['failed', 'aborted'] as const) {
      test(`when a run ${outcome} and left it ${diskOutcome}`, async () => {
        await withImage(async (room) => {
          const { engine, runId } = await writingTo(room, DISK);
          assert.equal(halfWritten(room), null);
          await engine.report(
            runId,
            operationEnded(outcome, { diskOutcome, code: 'disk-write-failed' }),
          );
          const found = halfWritten(room);
          assert.deepEqual([found?.runId, found?.disk], [runId, DISK]);
        });
      });
    }
  }

  test('when the host vanished in the middle of writing', async () => {
    await withImage(async (room) => {
      const { engine, runId } = await writingTo(room, DISK);
      room.disconnect(engine);
      await room.ended(runId);
      assert.equal(halfWritten(room)?.runId, runId);
    });
  });

  test('and not when the run failed before it wrote, or the host vanished then', async () => {
    await withImage(async (room) => {
      await room.deploy([1], { transport: 'unicast' });
      const engine = await room.connect(1);
      const { runId } = await engine.nextWork();
      await engine.report(
        runId,
        planOn(DISK, 'check-disk', 'write-p1'),
        started('check-disk'),
        operationEnded('failed', { diskOutcome: 'untouched', code: 'disk-too-small' }),
      );
      assert.equal(halfWritten(room), null);

      await room.deploy([1], { transport: 'unicast' });
      const second = await engine.nextWork();
      await engine.report(
        second.runId,
        planOn(DISK, 'check-disk', 'write-p1'),
        started('check-disk'),
      );
      room.disconnect(engine);
      await room.ended(second.runId);
      assert.equal(halfWritten(room), null);
    });
  });
});

describe('a host forgets of it', () => {
  async function withHalfWritten(
    use: (room: Room, engine: FakeEngine) => Promise<void>,
  ): Promise<void> {
    await withImage(async (room) => {
      const { engine, runId } = await writingTo(room, DISK);
      const failure = operationEnded('failed', { diskOutcome: 'cleared', code: 'hash-mismatch' });
      await engine.report(runId, failure);
      assert.notEqual(halfWritten(room), null);
      await use(room, engine);
    });
  }

  test('when an image is completely on that disk, wherever the kernel has found it', async () => {
    await withHalfWritten(async (room, engine) => {
      const { runId } = await writingTo(room, DISK_MOVED, engine);
      assert.notEqual(halfWritten(room), null);
      await engine.report(runId, operationEnded('completed', { diskOutcome: 'complete' }));
      assert.equal(halfWritten(room), null);
    });
  });

  test('and not when another disk is complete', async () => {
    await withHalfWritten(async (room, engine) => {
      const { runId } = await writingTo(room, OTHER_DISK, engine);
      await engine.report(runId, operationEnded('completed', { diskOutcome: 'complete' }));
      assert.equal(halfWritten(room)?.disk, DISK);
    });
  });

  test('and not when only a partition table was written', async () => {
    await withHalfWritten(async (room, engine) => {
      await room.tasks['task.partition']({
        image: 'win11',
        targets: [room.host(1)],
        disk: { type: 'only' },
        afterwards: null,
      });
      const { runId } = await engine.nextWork();
      await engine.report(
        runId,
        planOn(DISK, 'write-table'),
        operationEnded('completed', { diskOutcome: 'complete' }),
      );
      assert.equal(halfWritten(room)?.disk, DISK);
    });
  });
});
