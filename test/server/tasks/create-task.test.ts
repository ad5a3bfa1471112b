import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { GroupId } from '../../../lib/model/ids.ts';
import { TaskRequest } from '../../../lib/model/task-request.ts';
import { emptyStore } from '../../../server/store/schema.ts';
import { makeTask } from '../../../server/tasks/create-task.ts';
import { SAMPLE_IMAGE } from '../../support/images.ts';
import { sampleHost } from '../store/sample-data.ts';
import { english } from '../../support/messages.ts';

const ROOM = GroupId.parse('group-0000000001');
const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const BY = { createdBy: 'plugin', now: NOW };

function storeWithRoom(): ReturnType<typeof emptyStore> {
  return {
    ...emptyStore(),
    hosts: [2, 1].map((index) => ({ ...sampleHost(index), groupId: ROOM })),
    groups: [{ id: ROOM, name: 'room-1', createdAt: '2026-11-21T07:00:00.000Z' }],
    images: [SAMPLE_IMAGE],
  };
}

describe('makeTask', () => {
  test('makeTask: a request that was stored as JSON is a task of its image’s newest version, with a run for each host', () => {
    const stored = JSON.stringify({
      targets: ['room-1'],
      operations: [
        { type: 'deploy', image: 'WIN11', transport: 'auto', gatherMs: 0 },
        { type: 'shutdown', mode: 'reboot' },
      ],
    });
    const task = makeTask(storeWithRoom(), TaskRequest.parse(JSON.parse(stored)), BY);
    assert.equal(english(task.title), 'deploy win11 to room-1');
    assert.equal(task.createdBy, 'plugin');
    assert.deepEqual(
      task.operations.map((each) => ('versionId' in each ? each.versionId : each.type)),
      [SAMPLE_IMAGE.versions[0]?.id, 'shutdown'],
    );
    assert.deepEqual(
      task.runs.map(({ hostId, expectedDisk }) => [hostId, expectedDisk?.serial]),
      [
        [sampleHost(1).id, 'S4EV1'],
        [sampleHost(2).id, 'S4EV2'],
      ],
    );
    assert.equal(Date.parse(task.waits.until) - NOW, emptyStore().settings.waitHours * 3_600_000);
  });

  test('makeTask: a task that works on no disk expects none, and one host that waits for approval refuses it', () => {
    const request = TaskRequest.parse({
      targets: ['pc-1'],
      operations: [{ type: 'shutdown', mode: 'exit' }],
    });
    const data = storeWithRoom();
    const task = makeTask(data, request, BY);
    assert.equal(english(task.title), 'end the engine of pc-1');
    assert.equal(task.runs[0]?.expectedDisk, undefined);
    const pending = data.hosts.map((host) => ({ ...host, approval: 'pending' as const }));
    assert.throws(() => makeTask({ ...data, hosts: pending }, request, BY), {
      code: 'not-allowed',
      message: /giving work to pc-1: it waits for approval/,
    });
  });
});
