/** Hosts that have gathered for a session. */

import assert from 'node:assert/strict';
import type { Session } from '../../lib/model/task.ts';
import type { Room } from './sample-room.ts';
import type { FakeEngine } from './fake-engine.ts';
import { transportOf } from '../support/run-events.ts';

/** The session of a room that has just one. */
export function onlySession(room: Room): Session {
  const [session, ...others] = room.sessions.views;
  assert.ok(session !== undefined);
  assert.deepEqual(others, []);
  return session;
}

/** Connects hosts 1 to `count` and lets each fetch its deploy. */
export async function gather(room: Room, count: number): Promise<FakeEngine[]> {
  const engines: FakeEngine[] = [];
  for (let index = 1; index <= count; index += 1) {
    const engine = await room.connect(index);
    assert.equal(transportOf(await engine.next()), 'multicast');
    engines.push(engine);
  }
  return engines;
}
