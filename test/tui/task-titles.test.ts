/** Titles of tasks in German: all that the server makes, and none that could mean two things. */

import assert from 'node:assert/strict';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import ts from 'typescript';
import type { Operation } from '../../lib/model/operation.ts';
import { SHUTDOWN_WORDS } from '../../server/api/composed-task.ts';
import { titleIn } from '../../tui/text/task-titles.ts';
import { sampleTask } from '../cli/sample-data.ts';
import { propertyOf, textsOf, visitSource, type Samples } from './written-texts.ts';

const API = join(import.meta.dirname, '../../server/api');
const IMAGES = [{ name: 'win11' }];
const [DEPLOY] = sampleTask([]).operations;
const CAPTURE: Operation = {
  ...{ type: 'capture', disk: { type: 'only' } },
  ...{ imageName: 'win11', compression: 'zstd' },
};
const OFF: Operation = { type: 'shutdown', mode: 'power-off' };

const SAMPLES: Samples = {
  'host.name': ['pc-07'],
  imageName: ['win11'],
  'image.name': ['win11'],
  'targetWords(data, targets)': ['room-1', 'pc-1, pc-2 and 7 more'],
  'SHUTDOWN_WORDS[mode]': Object.values(SHUTDOWN_WORDS),
  'SHUTDOWN_WORDS[wanted.mode]': [SHUTDOWN_WORDS['power-off'], SHUTDOWN_WORDS.reboot],
  'made.map(({ words }) => words)': [],
};

/** The texts of the property `name` in a source file of the server. */
function written(file: string, name: string, samples: Samples): readonly string[] {
  const texts: string[] = [];
  visitSource(join(API, file), (node) => {
    const value = ts.isObjectLiteralExpression(node) ? propertyOf(node, name) : null;
    if (value !== null) texts.push(...textsOf(value, samples));
  });
  return texts;
}

function inGerman(title: string, operations: readonly Operation[] | null = null): string {
  return titleIn('de', title, { operations, images: IMAGES });
}

describe('titles of tasks', () => {
  const words = written('composed-task.ts', 'words', SAMPLES);
  const titles = written('tasks.ts', 'title', {
    ...SAMPLES,
    "made.words.join(', ')": [...words, words.filter((each) => / /.test(each)).join(', ')],
    'plan.title.slice(0, 256)': [],
  });

  test('are found in the sources of the server', () => {
    for (const title of ['deploy win11 to room-1', 'capture to win11: room-1']) {
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
    assert.ok(DEPLOY !== undefined);
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
