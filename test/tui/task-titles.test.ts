/** Titles of tasks in German: all that the server makes, and none that could mean two things. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import type { Operation } from '../../lib/model/operation.ts';
import { taskTitle } from '../../server/tasks/task-title.ts';
import { titleIn } from '../../tui/text/task-titles.ts';
import { SAMPLE_IMAGE, sampleHost, sampleTask } from '../cli/sample-data.ts';

const IMAGES = [{ name: 'win11' }];
const [DEPLOY] = sampleTask([]).operations;
const CAPTURE: Operation = {
  ...{ type: 'capture', disk: { type: 'only' } },
  ...{ imageName: 'win11', compression: 'zstd' },
};
const OFF: Operation = { type: 'shutdown', mode: 'power-off' };

const SHUTDOWNS = (['power-off', 'reboot', 'exit'] as const).map((mode): Operation => ({
  type: 'shutdown',
  mode,
}));

/** Every title that the server makes of these operations, for few and for many hosts. */
function titlesOf(operations: readonly Operation[]): string[] {
  const host = sampleHost(1, 'pc-07');
  const hosts = Array.from({ length: 12 }, (_, index) => sampleHost(index + 1, `pc-${index + 1}`));
  const data = { hosts, groups: [], images: [SAMPLE_IMAGE] };
  return [['room-1'], hosts.map(({ id }) => id)].map((targets) =>
    taskTitle(data, operations, { targets, hosts: [host] }),
  );
}

function inGerman(title: string, operations: readonly Operation[] | null = null): string {
  return titleIn('de', title, { operations, images: IMAGES });
}

describe('titles of tasks', () => {
  assert.ok(DEPLOY?.type === 'deploy');
  const { disk, imageId, versionId } = DEPLOY;
  const works: readonly Operation[] = [
    CAPTURE,
    DEPLOY,
    { type: 'partition', disk, imageId, versionId },
  ];
  const titles = [
    ...[...works, ...SHUTDOWNS].flatMap((operation) => titlesOf([operation])),
    ...SHUTDOWNS.flatMap((end) => titlesOf([...works, end])),
  ];

  test('are those that the server makes', () => {
    for (const title of [
      'deploy win11 to room-1',
      'capture to win11, deploy win11, partition like win11, shut down: room-1',
    ]) {
      assert.ok(titles.includes(title), title);
    }
  });

  for (const title of titles) {
    test(`"${title}" has a German one with the names that are in it`, () => {
      const german = inGerman(title);
      assert.notEqual(german, title);
      assert.doesNotMatch(german, /\b(to|of|like|and|the|deploy|capture|partition|reboot)\b/);
      for (const name of title.match(/win11|pc-\d+|room-1|\b7\b/g) ?? []) {
        assert.ok(german.includes(name), german);
      }
      assert.equal(titleIn('en', title, { operations: null, images: IMAGES }), title);
    });
  }

  test('name what is done before the targets, so that it is seen where the end is cut off', () => {
    assert.equal(inGerman('deploy win11 to room-1'), 'win11 verteilen auf room-1');
    assert.equal(inGerman('reboot pc-1, pc-2'), 'neu starten: pc-1, pc-2');
    assert.equal(inGerman('partition room-1 like win11'), 'partitionieren wie win11: room-1');
    assert.equal(
      inGerman('deploy win11, reboot: pc-1, pc-2 and 7 more'),
      'win11 verteilen, neu starten: pc-1, pc-2 und 7 weitere',
    );
    assert.equal(
      inGerman('capture pc-07 to way to go', [{ ...CAPTURE, imageName: 'way to go' }]),
      'pc-07 aufnehmen als way to go',
    );
  });

  test('stay as they are when they do not fit the operations', () => {
    for (const [title, operations] of [
      ['deploy win11 to room-1', [CAPTURE]],
      ['deploy win11, reboot: room-1', [DEPLOY]],
      ['reboot room-1', [DEPLOY, OFF]],
      ['capture pc-07 to win10', [CAPTURE]],
      ['Monday, before school: everything', [DEPLOY]],
    ] as const) {
      assert.equal(inGerman(title, operations), title);
    }
    const withEnd = inGerman('deploy win11 to room-1', [DEPLOY, OFF]);
    assert.equal(withEnd, 'win11 verteilen auf room-1');
  });

  test('that can be understood in two ways are decided by the images there are, or stay as they are', () => {
    assert.equal(inGerman('deploy up to date to room-1'), 'deploy up to date to room-1');
    assert.equal(inGerman('deploy win11 to way to room'), 'win11 verteilen auf way to room');
    assert.equal(inGerman('deploy win11: a: b'), 'win11 verteilen: a: b');
  });
});
