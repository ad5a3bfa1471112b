/** What tasks are called, in English and German. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { render } from '../../../lib/messages/render.ts';
import { Message } from '../../../lib/model/message.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import { taskTitle } from '../../../server/tasks/task-title.ts';
import { SAMPLE_IMAGE } from '../../support/images.ts';
import { sampleHost } from '../../support/hosts.ts';
import { sampleTask } from '../../support/tasks.ts';

const [DEPLOY] = sampleTask([]).operations;
assert.ok(DEPLOY?.type === 'deploy');
const { disk, imageId, versionId } = DEPLOY;
const CAPTURE: Operation = { type: 'capture', disk, imageName: 'way to go', compression: 'zstd' };
const PARTITION: Operation = { type: 'partition', disk, imageId, versionId };
const REBOOT: Operation = { type: 'shutdown', mode: 'reboot' };

const HOSTS = Array.from({ length: 12 }, (_, index) => sampleHost(index + 1, `pc-${index + 1}`));
const DATA = { hosts: HOSTS, groups: [], images: [SAMPLE_IMAGE] };

function titles(operations: readonly Operation[], targets: readonly string[]): string[] {
  const title = taskTitle(DATA, operations, { targets, hosts: HOSTS.slice(0, 1) });
  assert.deepEqual(Message.parse(title), title);
  return [render('en', title), render('de', title)];
}

describe('the title of a task', () => {
  const CASES: readonly (readonly [Operation[], english: string, german: string])[] = [
    [[CAPTURE], 'capture pc-1 to way to go', 'pc-1 aufnehmen als way to go'],
    [[DEPLOY], 'deploy win11 to room-1', 'win11 verteilen auf room-1'],
    [[DEPLOY, REBOOT], 'deploy win11 to room-1', 'win11 verteilen auf room-1'],
    [[PARTITION], 'partition room-1 like win11', 'partitionieren wie win11: room-1'],
    [[REBOOT], 'reboot room-1', 'neu starten: room-1'],
    [[{ type: 'shutdown', mode: 'power-off' }], 'shut down room-1', 'ausschalten: room-1'],
    [[{ type: 'shutdown', mode: 'exit' }], 'end the engine of room-1', 'Engine beenden: room-1'],
    [
      [CAPTURE, PARTITION, DEPLOY, REBOOT],
      'capture to way to go, partition like win11, deploy win11: room-1',
      'aufnehmen als way to go, partitionieren wie win11, win11 verteilen: room-1',
    ],
    [
      [PARTITION, DEPLOY, REBOOT],
      'partition like win11, deploy win11: room-1',
      'partitionieren wie win11, win11 verteilen: room-1',
    ],
    [[CAPTURE, REBOOT], 'capture pc-1 to way to go', 'pc-1 aufnehmen als way to go'],
  ];
  for (const [operations, english, german] of CASES) {
    test(`the title of a task of ${operations.map(({ type }) => type).join(', ')} is "${english}"`, () => {
      assert.deepEqual(titles(operations, ['room-1']), [english, german]);
    });
  }

  test('the title of a task names the first eight of many targets and says how many more there are', () => {
    const named = 'pc-1, pc-2, pc-3, pc-4, pc-5, pc-6, pc-7, pc-8';
    const ids = HOSTS.map(({ id }) => id);
    assert.deepEqual(titles([DEPLOY], ids), [
      `deploy win11 to ${named} and 4 more`,
      `win11 verteilen auf ${named} und 4 weitere`,
    ]);
  });
});
