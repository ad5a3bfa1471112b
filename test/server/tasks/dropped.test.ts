/** What becomes of hosts that the sender of a session dropped. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { setTimeout as delay } from 'node:timers/promises';
import type { Run, Session, Task } from '../../../lib/model/task.ts';
import { operationEnded, plan, started, stepEnded, transportOf } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { type FakeEngine } from '../fake-engine.ts';
import { english } from '../../support/messages.ts';

const DROPPED = /^cancel failed: it was dropped from the session/;

function runOf(room: Room, { id }: Task, { link }: FakeEngine): Run {
  const run = room.task({ id }).runs.find(({ hostId }) => hostId === link.hostId);
  assert.ok(run !== undefined);
  return run;
}

function lastSession(room: Room): Session {
  const session = room.sessions.views.at(-1);
  assert.ok(session !== undefined);
  return session;
}

/** The host has its deploy, and its receiver runs. */
async function gather(room: Room, task: Task, engine: FakeEngine): Promise<void> {
  const { id, sessionId } = runOf(room, task, engine);
  assert.ok(sessionId !== null);
  await engine.report(id, plan('write-p1'), { type: 'session-ready', sessionId });
}

/** A transmission to the first `on` of `count` hosts, of which the others are off; it goes on. */
async function transmit(
  room: Room,
  { count, on = count, ...rest }: { count: number; on?: number; afterwards?: 'reboot' },
): Promise<{ task: Task; engines: FakeEngine[] }> {
  await room.addImage();
  const numbers = Array.from({ length: count }, (_, index) => index + 1);
  const task = await room.deploy(numbers, rest);
  const engines: FakeEngine[] = [];
  for (const number of numbers.slice(0, on)) {
    const engine = await room.connect(number);
    assert.equal(transportOf(await engine.next()), 'multicast');
    await gather(room, task, engine);
    engines.push(engine);
  }
  if (on < count) room.sessions.startNow(lastSession(room).id);
  assert.equal(lastSession(room).state, 'sending');
  for (const engine of engines) {
    await engine.report(runOf(room, task, engine).id, started('write-p1'));
  }
  return { task, engines };
}

/** The sender drops these hosts, and their engines are told. */
async function drop(room: Room, task: Task, engines: readonly FakeEngine[]): Promise<void> {
  for (const engine of engines) {
    const { id, sessionId } = runOf(room, task, engine);
    assert.ok(sessionId !== null);
    room.sessions.listener.onDropped(id, sessionId);
    await room.captured.line((line) => line.session === sessionId && line.run === id);
    assert.match(engine.told.at(-1) ?? '', DROPPED);
  }
}

/** The engine has cleared its disk, and asks again: how it gets the image now. */
async function nextAfterDrop(room: Room, task: Task, engine: FakeEngine): Promise<string> {
  await reportDrop(room, task, engine);
  assert.equal(runOf(room, task, engine).state, 'waiting');
  return transportOf(await engine.next());
}

async function reportDrop(room: Room, task: Task, engine: FakeEngine): Promise<void> {
  const end = operationEnded('failed', { diskOutcome: 'cleared', code: 'session-failed' });
  await engine.report(runOf(room, task, engine).id, stepEnded('write-p1', 'failed'), end);
}

function first<T>(list: readonly T[]): T {
  const [item] = list;
  assert.ok(item !== undefined);
  return item;
}

describe('a host that is dropped', () => {
  test('a host that is dropped alone gets the image again by unicast, and is done', async () => {
    await withRoom({ hosts: 3 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 3 });
      const lost = first(engines);
      await drop(room, task, [lost]);
      assert.equal(await nextAfterDrop(room, task, lost), 'unicast');
      const host = (): unknown =>
        room.store.read().hosts.find(({ id }) => id === lost.link.hostId)?.halfWritten;
      assert.notEqual(host(), null);
      const end = [plan('write-p1'), started('write-p1'), stepEnded('write-p1'), operationEnded()];
      await lost.report(runOf(room, task, lost).id, ...end);
      const { state, error, diskOutcome, steps } = runOf(room, task, lost);
      assert.deepEqual([state, error, diskOutcome], ['completed', null, 'complete']);
      assert.deepEqual(
        steps.map((step) => [step.state, english(step.notes)]),
        [
          ['failed', 'the transmission did not get through: it is done again'],
          ['completed', ''],
        ],
      );
      assert.equal(host(), null);
    });
  });

  test('a host that is dropped does not wait for hosts that are off', async () => {
    await withRoom({ hosts: 4 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 4, on: 2 });
      const lost = first(engines);
      await drop(room, task, [lost]);
      assert.equal(await nextAfterDrop(room, task, lost), 'unicast');
    });
  });

  test('a host that is dropped with others gets it by one transmission for these, and then by unicast', async () => {
    await withRoom({ hosts: 4 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 4, on: 3 });
      const lost = engines.slice(0, 2);
      await drop(room, task, lost);
      for (const engine of lost) {
        assert.equal(await nextAfterDrop(room, task, engine), 'multicast');
        assert.deepEqual([lastSession(room).state, lastSession(room).expected], ['gathering', 2]);
      }
      for (const engine of lost) await gather(room, task, engine);
      assert.equal(lastSession(room).state, 'sending');
      for (const engine of lost) {
        await engine.report(runOf(room, task, engine).id, started('write-p1'));
      }
      await drop(room, task, lost);
      for (const engine of lost) assert.equal(await nextAfterDrop(room, task, engine), 'unicast');
    });
  });

  test('a host that is dropped does not wait for one that was dropped as well and fails for another reason, or is gone', async () => {
    await withRoom({ hosts: 4 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 4 });
      const [one, two, three] = engines;
      assert.ok(one !== undefined && two !== undefined && three !== undefined);
      await drop(room, task, [one, two, three]);
      room.disconnect(three);
      assert.equal(await nextAfterDrop(room, task, one), 'multicast');
      await gather(room, task, one);
      assert.deepEqual([lastSession(room).state, lastSession(room).expected], ['gathering', 2]);
      const end = operationEnded('failed', { diskOutcome: 'unknown', code: 'disk-write-failed' });
      await two.report(runOf(room, task, two).id, end);
      assert.equal(runOf(room, task, two).state, 'failed');
      assert.equal(lastSession(room).state, 'sending');
    });
  });

  test('a host that is dropped while others that were before gather is waited for by them', async () => {
    await withRoom({ hosts: 4 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 4 });
      const [one, two, three] = engines;
      assert.ok(one !== undefined && two !== undefined && three !== undefined);
      await drop(room, task, [one, two]);
      assert.equal(await nextAfterDrop(room, task, one), 'multicast');
      await drop(room, task, [three]);
      assert.equal(lastSession(room).expected, 3);
    });
  });

  test('a host that is dropped and has lost its connection meanwhile is not interrupted in its second attempt', async () => {
    await withRoom({ hosts: 2, graceMs: 50 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 2 });
      const lost = first(engines);
      await drop(room, task, [lost]);
      room.disconnect(lost);
      await reportDrop(room, task, lost);
      await room.work.presence.workerConnected(lost.link, null);
      assert.equal(transportOf(await lost.next()), 'unicast');
      await lost.report(runOf(room, task, lost).id, plan('write-p1'), started('write-p1'));
      await delay(200);
      assert.equal(runOf(room, task, lost).state, 'running');
    });
  });

  test('a host that is dropped and says so only when an operator has given it other work does not try again', async () => {
    await withRoom({ hosts: 2, graceMs: 0 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 2 });
      const lost = first(engines);
      await drop(room, task, [lost]);
      room.disconnect(lost);
      await room.ended(runOf(room, task, lost).id);
      await room.deploy([1]);
      await reportDrop(room, task, lost);
      assert.equal(runOf(room, task, lost).state, 'failed');
    });
  });

  test('a host that is dropped after its deploy goes on with what comes next', async () => {
    await withRoom({ hosts: 2 }, async (room) => {
      const { task, engines } = await transmit(room, { count: 2, afterwards: 'reboot' });
      const done = first(engines);
      const { id, sessionId } = runOf(room, task, done);
      assert.ok(sessionId !== null);
      await done.report(id, stepEnded('write-p1'), operationEnded());
      assert.equal(transportOf(await done.next()), 'shutdown');
      const told = done.told.length;
      room.sessions.listener.onDropped(id, sessionId);
      await delay(50);
      assert.equal(done.told.length, told);
      assert.equal(runOf(room, task, done).droppedFrom, null);
    });
  });
});
