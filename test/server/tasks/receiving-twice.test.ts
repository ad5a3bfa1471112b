/** A task with two operations that receive by sessions: hosts gather for each by itself. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Operation } from '../../../lib/model/operation.ts';
import type { RunId } from '../../../lib/model/ids.ts';
import type { Session } from '../../../lib/model/task.ts';
import { at } from '../../support/lists.ts';
import {
  operationEnded,
  plan,
  ready,
  started,
  stepEnded,
  transportOf,
} from '../../support/run-events.ts';
import type { FakeEngine } from '../fake-engine.ts';
import { IMAGE, VERSION } from '../image-store/sample-manifest.ts';
import { withRoom, type Room } from '../sample-room.ts';

const RECEIVING: Operation = {
  type: 'deploy',
  disk: { type: 'only' },
  imageId: IMAGE,
  versionId: VERSION,
  transport: 'auto',
  gatherMs: 3_600_000,
};

/** The host's engine, given its next operation by the session of that number. */
async function given(room: Room, engine: FakeEngine, session: number): Promise<RunId> {
  const operation = await engine.nextWork();
  assert.ok(operation.type === 'deploy' && operation.source.type === 'multicast');
  assert.equal(operation.source.sessionId, sessionAt(room, session).id);
  await engine.report(operation.runId, plan('write-p1'), ready(sessionAt(room, session)));
  return operation.runId;
}

function sessionAt(room: Room, session: number): Session {
  return at(room.sessions.views, session);
}

test('a session for the second operation of a task that receives waits for hosts that are at the first one, and takes none of these in', async () => {
  await withRoom({ hosts: 3 }, async (room) => {
    await room.addImage();
    await room.addTask([1, 2, 3], [RECEIVING, RECEIVING]);
    const one = await room.connect(1);
    const runOne = await given(room, one, 0);
    const two = await room.connect(2);
    const runTwo = await given(room, two, 0);
    assert.equal(sessionAt(room, 0).expected, 3);
    room.sessions.startNow(sessionAt(room, 0).id);

    await one.report(runOne, started('write-p1'), stepEnded('write-p1'), operationEnded());
    await given(room, one, 1);
    assert.deepEqual([sessionAt(room, 1).expected, sessionAt(room, 1).state], [3, 'gathering']);

    // It is at the first one still, whose session has begun without it: alone there now.
    const three = await room.connect(3);
    const first = await three.nextWork();
    assert.deepEqual([first.operationIndex, transportOf(first)], [0, 'unicast']);
    assert.equal(sessionAt(room, 1).expected, 3);

    await two.report(runTwo, started('write-p1'), stepEnded('write-p1'), operationEnded());
    assert.equal(sessionAt(room, 1).state, 'gathering');
    await given(room, two, 1);
    await three.report(first.runId, plan('write-p1'), stepEnded('write-p1'), operationEnded());
    await given(room, three, 1);
    assert.deepEqual([sessionAt(room, 1).members.length, sessionAt(room, 1).state], [3, 'sending']);
  });
});

test('a host that missed the session of an earlier operation gathers with the others for the next one that receives', async () => {
  await withRoom({ hosts: 2 }, async (room) => {
    await room.addImage();
    await room.addTask([1, 2], [RECEIVING, RECEIVING]);
    const one = await room.connect(1);
    const runOne = await given(room, one, 0);
    const missed = operationEnded('failed', { diskOutcome: 'untouched', code: 'session-missed' });
    await one.report(runOne, missed);
    assert.equal(transportOf(await one.nextWork()), 'unicast');
    await one.report(runOne, plan('write-p1'), stepEnded('write-p1'), operationEnded());
    await given(room, one, 1);
    assert.equal(sessionAt(room, 1).expected, 2);
  });
});
