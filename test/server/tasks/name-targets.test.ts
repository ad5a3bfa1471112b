import assert from 'node:assert/strict';
import { test } from 'node:test';
import { GroupId } from '../../../lib/model/ids.ts';
import { nameTargets } from '../../../server/tasks/name-targets.ts';
import { sampleHost } from '../store/sample-data.ts';

const ROOM = GroupId.parse('group-0000000001');
const HOSTS = Array.from({ length: 12 }, (_, index) => ({
  ...sampleHost(index + 1),
  name: `pc-${index + 1}`,
  groupId: index < 10 ? ROOM : null,
}));
const DATA = {
  hosts: HOSTS,
  groups: [{ id: ROOM, name: 'room-1', createdAt: '2026-11-21T07:00:00.000Z' }],
};
const ids = HOSTS.map(({ id }) => id);

test('the targets of a task are called by their names, a whole group by its own', () => {
  assert.deepEqual(nameTargets(DATA, ids.slice(0, 10)), { targets: ['room-1'], more: 0 });
  const three = ['pc-1', 'pc-2', 'pc-3'];
  assert.deepEqual(nameTargets(DATA, ids.slice(0, 3)), { targets: three, more: 0 });
  const firstEight = ids.slice(0, 8).map((_, index) => `pc-${index + 1}`);
  assert.deepEqual(nameTargets(DATA, ids.slice(0, 11)), { targets: firstEight, more: 3 });
  assert.deepEqual(nameTargets(DATA, ids.slice(10)).targets, ['pc-11', 'pc-12']);
  assert.deepEqual(nameTargets(DATA, [ROOM, 'pc-17']).targets, ['room-1', 'pc-17']);
});
