/** Every step that the engine can plan has a German name. */

import assert from 'node:assert/strict';
import { globSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import { stepIn } from '../../tui/text/steps.ts';
import { propertyOf, textsOf, visitSource, type Samples } from './written-texts.ts';

const ENGINE = join(import.meta.dirname, '../../engine');
const DISK = '/dev/nvme0n1 (Samsung SSD 990, serial S3Z8NB0K, 500107862016 bytes)';
const SIZE = '12.3 GB';

const SAMPLES: Samples = {
  'disk.address': ['/dev/nvme0n1'],
  'target.disk.address': ['/dev/nvme0n1'],
  'describeDisk(disk)': [DISK],
  number: ['7'],
  'partition.number': ['7'],
  "filesystem ?? 'unknown'": ['ntfs', 'unknown'],
  "filesystem?.type ?? 'unknown'": ['ntfs', 'unknown'],
  'formatBytes(sizeBytes)': [SIZE],
  'formatBytes(stream.rawBytes)': [SIZE],
  'range.startSector': ['2048'],
  'index + 1': ['1'],
  gaps: ['1'],
  'TITLES[operation.mode]': ['switch the host off', 'start the host anew', 'end the engine'],
};

type Written = { readonly id: string; readonly title: string };

/** As the sources of the engine write them: a step is an object with id, title and work, or a call of `step`. */
function writtenSteps(): { readonly steps: readonly Written[]; readonly passedOn: number } {
  const steps: Written[] = [];
  let passedOn = 0;
  const add = (ids: ts.Expression, titles: ts.Expression): void => {
    for (const id of textsOf(ids, SAMPLES)) {
      for (const title of textsOf(titles, SAMPLES)) steps.push({ id, title });
    }
  };
  for (const file of globSync('**/*.ts', { cwd: ENGINE })) {
    visitSource(join(ENGINE, file), (node) => {
      if (ts.isCallExpression(node) && node.expression.getText() === 'step') {
        const [id, title] = node.arguments;
        if (id === undefined || title === undefined) return;
        if (ts.isIdentifier(id)) passedOn += 1;
        else add(id, title);
      }
      if (!ts.isObjectLiteralExpression(node)) return;
      const id = propertyOf(node, 'id');
      const title = propertyOf(node, 'title');
      if (id !== null && title !== null) add(id, title);
      else if (propertyOf(node, 'work') !== null) passedOn += 1;
    });
  }
  return { steps, passedOn };
}

describe('the names of steps', () => {
  const { steps, passedOn } = writtenSteps();

  test('are all found in the sources of the engine', () => {
    const ids = new Set(steps.map(({ id }) => id));
    for (const id of ['capture-p7', 'capture-gap-1', 'write-p7', 'write-gap-1', 'shutdown-host']) {
      assert.ok(ids.has(id), id);
    }
    // Of deploy's streams, of its steps that are waited for, and in step() itself: look at any other.
    assert.equal(passedOn, 3);
  });

  for (const step of steps) {
    test(`${step.id}, "${step.title}" has a German name that holds what it is about`, () => {
      const german = stepIn('de', step);
      assert.notEqual(german, step.title, 'tui/text/steps.ts has no row for it');
      assert.doesNotMatch(german, /\$|\b(the|and|partition|unknown|serial|bytes)\b/);
      for (const part of step.title.match(/\/dev\/\w+|\b\d+\b|ntfs/g) ?? []) {
        assert.ok(german.includes(part), `${german}: ${part} is missing`);
      }
      if (step.title.includes(SIZE)) assert.match(german, /12,3 GB/);
      assert.equal(stepIn('en', step), step.title);
    });
  }

  test('that are not known, or of a known id with another title, stay as they are', () => {
    for (const step of [
      { id: 'defragment', title: 'make swap on partition 7' },
      { id: 'make-swap-p7', title: 'make swap on partition 7 twice' },
    ]) {
      assert.equal(stepIn('de', step), step.title);
    }
  });
});
