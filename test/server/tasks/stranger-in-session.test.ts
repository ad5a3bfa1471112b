/** What becomes of the members of a transmission in which a stranger took part. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run, Session, Task } from '../../../lib/model/task.ts';
import { operationEnded, plan, started, stepEnded, transportOf } from '../../support/run-events.ts';
import { withRoom, type Room } from '../sample-room.ts';
import { type FakeEngine } from '../fake-engine.ts';

const HOSTS = [1, 2, 3];
const STRANGER = '10.0.0.66';

function runOf(room: Room, { id }: Task, { link }: FakeEngine): Run {
  return (
    room.task({ id }).runs.find(({ hostId }) => hostId === link.hostId) ?? assert.fail('no run')
  );
}

function lastSession(room: Room): Session {
  return room.sessions.views.at(-1) ?? assert.fail('no session');
}

/** How each host is given its deploy; those that share a transmission are ready. */
async function assign(room: Room, task: Task, engines: readonly FakeEngine[]): Promise<string[]> {
  const ways: string[] = [];
  for (const engine of engines) ways.push(transportOf(await engine.next()));
  for (const engine of engines) {
    const { id, sessionId } = runOf(room, task, engine);
    await engine.report(id, plan('write-p1'));
    if (sessionId !== null) await engine.report(id, { type: 'session-ready', sessionId });
    await engine.report(id, started('write-p1'));
  }
  return ways;
}

/** A stranger is seen in the session; the engines hear of it, clear their disks and ask again. */
async function disturb(room: Room, task: Task, engines: readonly FakeEngine[]): Promise<void> {
  const session = lastSession(room);
  room.sessions.listener.onStranger(session, STRANGER);
  for (const engine of engines) {
    const { id } = runOf(room, task, engine);
    await room.captured.line((line) => line.session === session.id && line.run === id);
    assert.match(engine.told.at(-1) ?? '', /^cancel failed: somebody who is no member took part/);
    const end = operationEnded('failed', { diskOutcome: 'cleared', code: 'session-failed' });
    await engine.report(id, stepEnded('write-p1', 'failed'), end);
    assert.equal(runOf(room, task, engine).state, 'waiting');
  }
}

test('A room whose transmission a stranger joined gets another one elsewhere, and after a second time each host its own.', async () => {
  await withRoom({ hosts: 3 }, async (room) => {
    await room.addImage();
    const task = await room.deploy(HOSTS);
    const engines = await Promise.all(HOSTS.map((host) => room.connect(host)));
    assert.deepEqual(await assign(room, task, engines), ['multicast', 'multicast', 'multicast']);
    const before = lastSession(room);
    await disturb(room, task, engines);
    assert.deepEqual(await assign(room, task, engines), ['multicast', 'multicast', 'multicast']);
    const after = lastSession(room);
    assert.notEqual(after.portBase, before.portBase);
    assert.notEqual(after.dataAddress, before.dataAddress);
    await disturb(room, task, engines);
    assert.deepEqual(await assign(room, task, engines), ['unicast', 'unicast', 'unicast']);
    for (const engine of engines) {
      await engine.report(runOf(room, task, engine).id, stepEnded('write-p1'), operationEnded());
      assert.equal(runOf(room, task, engine).state, 'completed');
    }
    const told = { type: 'stranger-in-session', task: task.title, address: STRANGER };
    assert.deepEqual(room.told, [
      { ...told, next: 'transmission' },
      { ...told, next: 'unicast' },
    ]);
  });
});
