import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { withRoom, type Room } from '../sample-room.ts';
import { operationEnded, plan, started } from '../../support/run-events.ts';
import { type FakeEngine } from '../fake-engine.ts';
import { describeDisk } from '../../../lib/disk/disk-selection.ts';
import { RunId } from '../../../lib/model/ids.ts';
import { halfWrittenDisks, type HalfWritten } from '../../../lib/model/host.ts';
import type { RunEvent } from '../../../lib/protocol/engine-api.ts';
import { partitionTask } from '../../support/task-requests.ts';

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
      test(`a host knows of its half-written disk when a run ${outcome} and left it ${diskOutcome}`, async () => {
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

  test('a host knows of its half-written disk when the host vanished in the middle of writing', async () => {
    await withImage(async (room) => {
      const { engine, runId } = await writingTo(room, DISK);
      room.disconnect(engine);
      await room.ended(runId);
      assert.equal(halfWritten(room)?.runId, runId);
    });
  });

  test('a host knows of its half-written disk and not when the run failed before it wrote, or the host vanished then', async () => {
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

  test('a host forgets of it when an image is completely on that disk, wherever the kernel has found it', async () => {
    await withHalfWritten(async (room, engine) => {
      const { runId } = await writingTo(room, DISK_MOVED, engine);
      assert.notEqual(halfWritten(room), null);
      await engine.report(runId, operationEnded('completed', { diskOutcome: 'complete' }));
      assert.equal(halfWritten(room), null);
    });
  });

  test('a host forgets of it and not when another disk is complete', async () => {
    await withHalfWritten(async (room, engine) => {
      const { runId } = await writingTo(room, OTHER_DISK, engine);
      await engine.report(runId, operationEnded('completed', { diskOutcome: 'complete' }));
      assert.equal(halfWritten(room)?.disk, DISK);
    });
  });

  test('a host forgets of it and not when only a partition table was written', async () => {
    await withHalfWritten(async (room, engine) => {
      await room.tasks['task.create'](
        partitionTask({
          image: 'win11',
          targets: [room.host(1)],
          disk: { type: 'only' },
          afterwards: null,
        }),
      );
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

describe('by what a disk says of itself', () => {
  const identity = {
    model: 'Samsung SSD 860',
    serial: null,
    wwn: '0x5002',
    sizeBytes: 500_107_862_016,
    address: '/dev/sda',
  };
  type Identity = Omit<typeof identity, 'wwn'> & { readonly wwn: string | null };
  const textOf = ({ address, model, sizeBytes }: Identity): string =>
    `${address} (${model}, no serial number, ${sizeBytes} bytes)`;

  /** A deploy to `disk` that ends so. */
  async function deployTo(
    room: Room,
    engine: FakeEngine,
    disk: Identity,
    diskOutcome: 'cleared' | 'complete',
  ): Promise<void> {
    await room.deploy([1], { transport: 'unicast' });
    const { runId } = await engine.nextWork();
    const event = planOn(textOf(disk), 'write-p1');
    assert.ok(event.type === 'plan');
    const end =
      diskOutcome === 'complete'
        ? operationEnded()
        : operationEnded('failed', { diskOutcome, code: 'disk-write-failed' });
    await engine.report(runId, { ...event, diskIdentity: disk }, started('write-p1'), end);
  }

  function marks(room: Room): string[] {
    const host = room.store.read().hosts[0] ?? assert.fail();
    return halfWrittenDisks(host).map(({ disk }) => disk);
  }

  test('by what a disk says of itself: one without serial number is the same at another address, by its WWN', async () => {
    await withImage(async (room) => {
      const engine = await room.connect(1);
      await deployTo(room, engine, identity, 'cleared');
      await deployTo(room, engine, { ...identity, address: '/dev/sdb' }, 'complete');
      assert.deepEqual(marks(room), []);
    });
  });

  test('by what a disk says of itself: another one without serial number at its address is another one', async () => {
    await withImage(async (room) => {
      const engine = await room.connect(1);
      await deployTo(room, engine, identity, 'cleared');
      await deployTo(room, engine, { ...identity, wwn: '0x5003' }, 'complete');
      assert.deepEqual(marks(room), [textOf(identity)]);
    });
  });

  test('by what a disk says of itself: two half-written disks of one host both stay so, until each is complete', async () => {
    await withImage(async (room) => {
      const engine = await room.connect(1);
      const other = { ...identity, wwn: '0x5003', address: '/dev/sdb' };
      await deployTo(room, engine, identity, 'cleared');
      await deployTo(room, engine, other, 'cleared');
      assert.deepEqual(marks(room), [textOf(other), textOf(identity)]);
      // The same one once more is the same one.
      await deployTo(room, engine, identity, 'cleared');
      assert.deepEqual(marks(room), [textOf(identity), textOf(other)]);
      await room.restart();
      assert.equal(marks(room).length, 2);
      const again = await room.connect(1);
      await deployTo(room, again, identity, 'complete');
      assert.deepEqual(marks(room), [textOf(other)]);
      assert.notEqual(halfWritten(room), null);
      await deployTo(room, again, other, 'complete');
      assert.deepEqual(marks(room), []);
    });
  });

  test('by what a disk says of itself: an operator who says that they are fine takes both marks away', async () => {
    await withImage(async (room) => {
      const engine = await room.connect(1);
      await deployTo(room, engine, identity, 'cleared');
      await deployTo(room, engine, { ...identity, wwn: '0x5003', address: '/dev/sdb' }, 'cleared');
      await room.tasks['host.clear']({ host: room.host(1) });
      assert.deepEqual(marks(room), []);
    });
  });

  test('by what a disk says of itself: an engine that says it in words only means the disk that its host has told of', async () => {
    await withImage(async (room) => {
      const told = room.store.read().hosts[0]?.systemInfo?.disks[0] ?? assert.fail();
      const words = describeDisk(told);
      const { engine, runId } = await writingTo(room, words);
      await engine.report(runId, operationEnded('failed', { diskOutcome: 'cleared' }));
      const { model, serial, wwn, sizeBytes, address } = told;
      assert.deepEqual(halfWritten(room)?.identity, { model, serial, wwn, sizeBytes, address });
    });
  });

  test('by what a disk says of itself: a mark of version 0.2 goes with that disk, and with no other', async () => {
    await withImage(async (room) => {
      const mark = {
        runId: 'run-0000000009',
        disk: '/dev/sda (unknown model, serial S3Z8, 512 bytes)',
        since: '2026-11-21T10:00:00.000Z',
      } as const;
      await room.store.change(({ hosts }) => {
        const [host] = hosts;
        assert.ok(host !== undefined);
        host.halfWritten = { ...mark, runId: RunId.parse(mark.runId) };
      });
      const disk = {
        model: '',
        serial: 'S3Z8',
        wwn: '0x5002',
        sizeBytes: 512,
        address: '/dev/sdb',
      };
      const complete = async (serial: string): Promise<void> => {
        const engine = await room.connect(1);
        await room.deploy([1], { transport: 'unicast' });
        const { runId } = await engine.nextWork();
        const event = planOn(`/dev/sdb (unknown model, serial ${serial}, 512 bytes)`, 'write-p1');
        assert.ok(event.type === 'plan');
        const diskIdentity = { ...disk, serial };
        await engine.report(
          runId,
          { ...event, diskIdentity },
          started('write-p1'),
          operationEnded(),
        );
      };
      await complete('S3Z9');
      assert.deepEqual(marks(room), [mark.disk]);
      await complete('S3Z8');
      assert.deepEqual(marks(room), []);
    });
  });
});
