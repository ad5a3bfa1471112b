/** When the lists of hosts, groups and images are asked for: pure. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { InventoryChange } from '../../lib/protocol/operator-api/status.ts';
import type { UiEvent } from '../../tui/events.ts';
import { type Effect } from '../../tui/follow.ts';
import { BROKEN_OFF, sampleRoom } from './sample-room.ts';
import { SERVER, ROOM, after, start } from './pure-ui.ts';

/** How often the lists were asked for. */
const refreshes = (effects: readonly Effect[]): number =>
  effects.filter((each) => each.type === 'send' && each.request.method === 'group.list').length;

describe('lists', () => {
  const online: UiEvent = { type: 'connected', server: SERVER, now: 1000 };
  const status = (share: number, now: number): UiEvent => ({
    type: 'status',
    now,
    status: sampleRoom(share).status,
  });
  const tick = (now: number): UiEvent => ({ type: 'tick', now });
  const changed = (change: Partial<InventoryChange>): UiEvent => ({
    type: 'inventory',
    isWhole: false,
    change: {
      hosts: [...ROOM.hosts.slice(0, 1)],
      gone: [],
      areGroupsChanged: false,
      areImagesChanged: false,
      areSettingsChanged: false,
      ...change,
    },
  });

  test('lists are read at once when the server is there', () => {
    assert.equal(refreshes(after(start(), online).effects), 1);
  });

  test('lists are read again after a change, but not more than every two seconds', () => {
    const first = after(start(), online, changed({ areImagesChanged: true }), tick(2000));
    assert.equal(refreshes(first.effects), 1, 'the one of the connection');
    const second = after(first.state, tick(3100));
    assert.equal(refreshes(second.effects), 1);
    // Hosts come with the change itself, progress with the status: nothing in the lists is old.
    const third = after(second.state, changed({}), status(0.5, 3200), tick(60_000));
    assert.deepEqual(third.effects, []);
    const fourth = after(third.state, changed({ areGroupsChanged: true }), tick(60_100));
    assert.equal(refreshes(fourth.effects), 1);
    const fifth = after(fourth.state, changed({ areSettingsChanged: true }), tick(70_000));
    assert.equal(refreshes(fifth.effects), 1);
  });

  test('lists are not asked for without a server', () => {
    const lost: UiEvent = { type: 'lost', trouble: BROKEN_OFF, now: 2000 };
    assert.equal(refreshes(after(start(), online, lost, tick(90_000)).effects), 1);
  });
});
