/** What tasks have to do with an image, as server and UI are told alike. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { ImageId, VersionId } from '../../../lib/model/ids.ts';
import type { Operation } from '../../../lib/model/operation.ts';
import type { Run, Task } from '../../../lib/model/task.ts';
import { refusalFor } from '../../../lib/rules/capability.ts';
import {
  captureFacts,
  deletionFacts,
  outdatedVersions,
  unfinishedUses,
  usesImage,
} from '../../../lib/rules/image-uses.ts';
import { SAMPLE_IMAGE } from '../../support/images.ts';
import { sampleRun, sampleTask } from '../../support/tasks.ts';

const NOW = Date.parse('2026-11-22T09:00:00.000Z');
const at = (minutesAgo: number): string => new Date(NOW - minutesAgo * 60_000).toISOString();
const CAPTURE: Operation = {
  type: 'capture',
  disk: { type: 'only' },
  imageName: 'WIN11',
  compression: 'zstd',
};
const DEPLOY = sampleTask([]).operations;

function task(operations: readonly Operation[], change: Partial<Run>): Task {
  return { ...sampleTask([sampleRun(1, change)]), operations: [...operations] };
}

const cutOffAt = (minutesAgo: number, more: Partial<Run> = {}): Partial<Run> => ({
  state: 'interrupted',
  startedAt: at(minutesAgo + 1),
  endedAt: at(minutesAgo),
  ...more,
});

describe('a task that captures to the name of an image', () => {
  const cases: readonly [string, Partial<Run>, boolean][] = [
    ['waits', { state: 'waiting' }, true],
    ['runs', { state: 'running', startedAt: at(1) }, true],
    ['was cut off a minute ago and begins again with its host', cutOffAt(1), true],
    [
      'was cut off and has begun again too often, but may still end',
      cutOffAt(1, { restarts: 9 }),
      true,
    ],
    ['was cut off and cancelled', cutOffAt(1, { cancelRequested: true }), false],
    ['was cut off two hours ago', cutOffAt(120), false],
    ['has failed', { state: 'failed', endedAt: at(1) }, false],
    ['has passed the capture', { state: 'running', operationIndex: 1 }, false],
  ];
  for (const [title, run, isInTheWay] of cases) {
    test(`a task that captures to the name of an image: ${isInTheWay ? 'forbids' : 'allows'} another capture and deleting the image when it ${title}`, () => {
      const tasks = [task([CAPTURE], run)];
      assert.equal(
        captureFacts('Win11', { images: [], tasks }, NOW).capturesOfThatName,
        isInTheWay ? 1 : 0,
      );
      const refusal = refusalFor('image.delete', deletionFacts(SAMPLE_IMAGE, tasks, NOW));
      assert.equal(refusal !== null, isInTheWay);
      assert.equal(unfinishedUses(tasks, SAMPLE_IMAGE, NOW).length, isInTheWay ? 1 : 0);
      assert.equal(usesImage(tasks[0] ?? assert.fail(), SAMPLE_IMAGE), true);
    });
  }
});

describe('an image that a task deploys', () => {
  const facts = (run: Partial<Run>): unknown =>
    deletionFacts(SAMPLE_IMAGE, [task(DEPLOY, run)], NOW);
  const allowed = { isProtected: false, unfinishedRuns: 0, cutOffRuns: 0 };

  test('an image that a task deploys is in use while a run of it has not ended', () => {
    assert.deepEqual(facts({ state: 'waiting' }), { ...allowed, unfinishedRuns: 1 });
  });
  test('an image that a task deploys may still be read for an hour after its host was cut off, and no longer', () => {
    assert.deepEqual(facts(cutOffAt(59)), { ...allowed, cutOffRuns: 1 });
    assert.deepEqual(facts(cutOffAt(61)), allowed);
  });
  test('an image that a task deploys is not in use by a task of another image', () => {
    const other = { ...SAMPLE_IMAGE, id: ImageId.parse('image-0000000009'), name: 'debian' };
    assert.deepEqual(deletionFacts(other, [task(DEPLOY, { state: 'running' })], NOW), allowed);
  });
});

describe('older versions of an image', () => {
  const old = {
    ...(SAMPLE_IMAGE.versions[0] ?? assert.fail()),
    id: VersionId.parse('version-0000000001'),
  };
  const image = { ...SAMPLE_IMAGE, versions: [...SAMPLE_IMAGE.versions, old] };
  const ofOld = DEPLOY.map((operation) =>
    operation.type === 'deploy' ? { ...operation, versionId: old.id } : operation,
  );

  test('older versions of an image may go when nothing uses them', () => {
    assert.deepEqual(outdatedVersions(image, 1, [], NOW), [old.id]);
    assert.deepEqual(outdatedVersions(image, 2, [], NOW), []);
  });
  test('older versions of an image stay while a task of theirs has not ended or was cut off a short while ago', () => {
    assert.deepEqual(outdatedVersions(image, 1, [task(ofOld, { state: 'running' })], NOW), []);
    assert.deepEqual(outdatedVersions(image, 1, [task(ofOld, cutOffAt(5))], NOW), []);
    assert.deepEqual(outdatedVersions(image, 1, [task(ofOld, cutOffAt(90))], NOW), [old.id]);
  });
  test('older versions of an image stay when the image is protected', () => {
    assert.deepEqual(outdatedVersions({ ...image, isProtected: true }, 1, [], NOW), []);
  });
});
