/** What list, room and wizards say of hosts, without a terminal. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { lineWidth } from '../../tui/picture.ts';
import type { HostView } from '../../lib/model/host.ts';
import type { Run } from '../../lib/model/task.ts';
import type { Status } from '../../lib/model/status.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { changeLines, refusalForChanges } from '../../tui/presentation/hosts/change-preview.ts';
import { moveInGrid } from '../../tui/components/grid-view.ts';
import {
  conditionIn,
  conditionSpan,
  workOf,
  workSpan,
} from '../../tui/presentation/hosts/host-condition.ts';
import { filteredHosts } from '../../tui/presentation/hosts/host-filter.ts';
import { ALL_HOSTS } from '../../tui/values/host-list-state.ts';
import { TOP } from '../../tui/values/selection.ts';
import { fractionOf } from '../../tui/presentation/tasks/task-progress.ts';
import { TILE_SPACE, tileLayout, tilesView } from '../../tui/presentation/hosts/tiles-view.ts';
import { taskViewOf } from '../../lib/client/task-view.ts';
import {
  doneRun,
  failedRun,
  sampleProgress,
  sampleRun,
  sampleTask,
  workingRun,
} from '../support/tasks.ts';
import { sampleHost } from '../support/hosts.ts';
import { sampleStatus } from '../support/servers.ts';
import { HALF_WRITTEN_BY } from './watched-room.ts';

const NOW = Date.parse('2026-11-21T08:00:00.000Z');
const MODEL: Model = newModel({
  area: { left: 0, top: 0, width: 80, height: 24 },
  unicode: true,
  language: 'en',
  now: NOW,
  operator: 'anna',
});

const room = (count: number): readonly HostView[] =>
  Array.from({ length: count }, (_, index) => sampleHost(index + 1, `pc-${index + 1}`));

const text = (lines: readonly (readonly { readonly text: string }[])[]): string[] =>
  lines.map((spans) => spans.map((each) => each.text).join(''));

describe('how far a task is', () => {
  const fractionWith = (...runs: Parameters<typeof sampleTask>[0]): number => {
    const task = sampleTask(runs);
    const progress = runs.map((_, index) => sampleProgress(index + 1, 0.5));
    return fractionOf(taskViewOf(task, sampleStatus([task], progress)));
  };

  test('how far a task is: a host that failed is neither done nor still to come', () => {
    assert.equal(fractionWith(workingRun(1), workingRun(2)), 0.5);
    assert.equal(fractionWith(workingRun(1), failedRun(2)), 0.5);
    assert.equal(fractionWith(failedRun(1), workingRun(2), doneRun(3)), 0.75);
    assert.equal(fractionWith(workingRun(1), sampleRun(2), failedRun(3)), 0.25);
  });

  test('how far a task is: a step that is done again counts once', () => {
    const [failed, again] = [failedRun(1).steps[0], workingRun(1).steps[0]];
    assert.ok(failed !== undefined && again !== undefined);
    const done = { ...again, state: 'completed' as const };
    const table = { ...done, id: 'write-table', totalBytes: 60_000_000 };
    const fraction = (steps: Run['steps']): number => {
      const task = sampleTask([{ ...workingRun(1), steps }]);
      return fractionOf(taskViewOf(task, sampleStatus([task])));
    };
    assert.equal(fraction([table, failed, table, again]), 0.5);
    assert.equal(fraction([table, failed, table, done]), 1);
  });

  test('how far a task is: one that has not begun, and one where nothing went well, has done nothing', () => {
    assert.equal(fractionWith(sampleRun(1)), 0);
    assert.equal(fractionWith(failedRun(1), failedRun(2)), 0);
  });
});

describe('the condition of a host', () => {
  const host = sampleHost(1, 'pc-1');
  const withRun = (change: Partial<Run>): Status =>
    sampleStatus([sampleTask([{ ...sampleRun(1), ...change }])]);
  const ofRun = (change: Partial<Run>, now = NOW, seen = host): string | undefined =>
    workOf(seen, { ...MODEL, now, status: withRun(change) })?.type;
  const halfWritten = { disk: '/dev/sda', since: host.registeredAt, runId: HALF_WRITTEN_BY };
  const endedAt = '2026-11-21T07:30:00.000Z';

  test('the condition of a host is whether it is on', () => {
    const typeOf = (change: Partial<HostView>): string =>
      conditionIn({ ...host, ...change }, MODEL);
    assert.equal(typeOf({}), 'ready');
    assert.equal(typeOf({ state: 'off' }), 'off');
    assert.equal(typeOf({ state: 'working' }), 'working');
    assert.equal(typeOf({ approval: 'pending', state: 'off' }), 'pending');
    assert.equal(typeOf({ approval: 'pending', state: 'idle' }), 'pending');
  });

  test('the condition of a host and apart from that what its run does, and for an hour how it ended', () => {
    assert.equal(ofRun({ state: 'waiting' }), 'waiting');
    assert.equal(ofRun({ state: 'running' }), 'running');
    assert.equal(ofRun({ state: 'completed', endedAt }), 'done');
    assert.equal(ofRun({ state: 'failed', endedAt }), 'failed');
    assert.equal(ofRun({ state: 'aborted', endedAt }), 'cancelled');
    assert.equal(ofRun({ state: 'failed', endedAt }, NOW + 3_600_000), undefined);
    assert.equal(
      ofRun({ state: 'failed', endedAt }, NOW + 3_600_000, { ...host, halfWritten }),
      'half-written',
    );
  });

  test('the condition of a host: a host that is off says so, and in another place that it failed', () => {
    const off: HostView = { ...host, state: 'off' };
    const model = { ...MODEL, status: withRun({ state: 'failed', endedAt }) };
    assert.deepEqual(conditionSpan(off, model), { text: '· off', style: 'dim' });
    assert.deepEqual(workSpan(off, model), { text: '✗ failed', style: 'bad' });
    for (const lines of [1, 2, 3]) {
      const area = { left: 0, top: 0, width: 18, height: lines };
      const { panels } = tilesView(
        {
          list: 'x',
          rows: [off],
          keyOf: ({ id }) => id,
          selection: TOP,
          isMarked: () => false,
          empty: '',
        },
        model,
        area,
      );
      const shown = panels.flatMap((panel) => (panel.type === 'text' ? text(panel.lines) : []));
      assert.match(shown[0] ?? '', /^ · pc-1/, 'the sign before the name is that of off');
      assert.match(shown.join(' '), /✗/);
    }
  });

  test('the condition of a host: what was put away is no news', () => {
    const status = withRun({ state: 'failed', endedAt });
    const putAway = { by: 'anna', at: endedAt };
    const tasks = status.tasks.map((task) => ({ ...task, putAway }));
    assert.equal(workOf(host, { ...MODEL, status: { ...status, tasks } }), null);
  });

  test('the condition of a host is a sign and a word: no two look alike without colour', () => {
    for (const unicode of [true, false]) {
      const shown = (['idle', 'off', 'working'] as const).map(
        (state) => conditionSpan({ ...host, state }, { ...MODEL, unicode }).text,
      );
      assert.equal(new Set(shown.map((each) => each[0])).size, 3);
    }
  });
});

describe('tiles', () => {
  const area = { left: 0, top: 2, width: 80, height: 20 };

  test('tiles are as large as the room allows; thirty fit 80x24 with sign and word', () => {
    assert.deepEqual(tileLayout(room(30), area), {
      cellWidth: 15,
      columns: 5,
      lines: 2,
      pitch: 3,
    });
    assert.equal(tileLayout(room(6), area).lines, 3);
    assert.equal(tileLayout(room(90), area).lines, 1);
  });

  test('tiles: all fit, or are small ones that scroll; none is wider than the screen', () => {
    const size = {
      width: fc.integer({ min: 30, max: 300 }),
      height: fc.integer({ min: 5, max: 80 }),
    };
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 99 }),
        size.width,
        size.height,
        (count, width, height) => {
          const rows = room(count);
          const inside = { left: 0, top: 0, width, height };
          const { columns, lines, pitch, cellWidth } = tileLayout(rows, inside);
          assert.ok(columns * (cellWidth + TILE_SPACE) - TILE_SPACE <= width || columns === 1);
          const used = Math.ceil(count / columns) * pitch - (pitch - lines);
          assert.ok(used <= height || lines === 1);
          const selection = { ...TOP, index: count - 1 };
          const tiles = { list: 'r', rows, keyOf: ({ id }: HostView) => id, selection };
          const picture = tilesView(
            { ...tiles, isMarked: () => false, empty: '' },
            { ...MODEL, area: inside },
            inside,
          );
          for (const panel of picture.panels) {
            if (panel.type !== 'text') continue;
            assert.ok(panel.lines.every((each) => lineWidth(each) <= width));
            // The one under the cursor is seen.
            assert.ok(text(panel.lines).some((each) => each.includes(`pc-${count}`)));
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test('tiles are left, right, up and down of each other as they are painted', () => {
    const rows = room(30);
    const grid = { list: 'r', rows, keyOf: ({ id }: HostView) => id, cellWidth: 15, space: 1 };
    const go = (...names: string[]): number =>
      names.reduce(
        (place, name) =>
          moveInGrid(place, { type: 'key', key: { name, text: null } }, grid, area) ?? place,
        TOP,
      ).index;
    assert.equal(go('down'), 5);
    assert.equal(go('down', 'right', 'right', 'up'), 2);
    assert.equal(go('end', 'up'), 24);
    assert.equal(go('left'), 0);
  });
});

describe('the preview of changes', () => {
  const change = { host: 'a', from: 'a', to: 'x', fault: null };

  test('the preview of changes says old and new, what stays, and what cannot be', () => {
    const lines = text(
      changeLines(
        [
          change,
          { host: 'bbb', from: 'bbb', to: 'bbb', fault: null },
          { host: 'c', from: 'c', to: null, fault: 'the numbers end at 999' },
        ],
        MODEL,
      ),
    );
    assert.deepEqual(
      lines.map((each) => each.trimEnd()),
      [
        ' What will change: 2 hosts   1 change cannot be made',
        ' ✓ a    → x',
        '   bbb  → bbb   stays',
        ' ✗ c    → -     the numbers end at 999',
      ],
    );
  });

  test('the preview of changes is nothing to be made when nothing changes, or when one cannot be made', () => {
    assert.equal(refusalForChanges([change], MODEL), null);
    assert.equal(refusalForChanges([{ ...change, to: 'a' }], MODEL), 'nothing would change');
    const bad = { ...change, fault: 'b has it' };
    assert.equal(refusalForChanges([change, bad], MODEL), '1 change cannot be made');
  });
});

test('a list is sorted naturally, and filtered by what it shows', () => {
  const hosts = ['pc-10', 'pc-2', 'x'].map((name, index) => sampleHost(index + 1, name));
  const namesOf = (filter: Parameters<typeof filteredHosts>[0]): string[] =>
    filteredHosts(filter, { ...MODEL, hosts }).map(({ name }) => name);
  assert.deepEqual(namesOf(ALL_HOSTS), ['pc-2', 'pc-10', 'x']);
  assert.deepEqual(namesOf({ ...ALL_HOSTS, text: { text: 'X', position: 0 } }), ['x']);
  assert.deepEqual(namesOf({ ...ALL_HOSTS, text: { text: '10.77.0.2', position: 0 } }), ['pc-2']);
});

test('sorted by state, hosts that are shown alike are together, also when time makes them others', () => {
  const [failed, ready, broken, off, other] = [
    { ...sampleHost(1, 'pc-10'), state: 'off' as const },
    sampleHost(2, 'pc-1'),
    sampleHost(3, 'pc-3'),
    { ...sampleHost(4, 'pc-2'), state: 'off' as const },
    sampleHost(5, 'pc-4'),
  ];
  const halfWritten = { disk: '/dev/sda', since: ready.registeredAt, runId: HALF_WRITTEN_BY };
  const hosts = [failed, ready, { ...broken, halfWritten }, off, other];
  const endedAt = '2026-11-21T07:30:00.000Z';
  const failure = (number: number): ReturnType<typeof sampleRun> =>
    sampleRun(number, { state: 'failed', endedAt });
  const status = sampleStatus([sampleTask([failure(1), failure(5)])]);
  const namesAt = (now: number, shown: Status | null): string[] =>
    filteredHosts({ ...ALL_HOSTS, sort: 'state' }, { hosts, now, status: shown }).map(
      ({ name }) => name,
    );
  assert.deepEqual(namesAt(NOW, status), ['pc-4', 'pc-3', 'pc-1', 'pc-10', 'pc-2']);
  assert.deepEqual(namesAt(NOW + 3_600_000, status), ['pc-3', 'pc-1', 'pc-4', 'pc-2', 'pc-10']);
  assert.deepEqual(namesAt(NOW, null), ['pc-3', 'pc-1', 'pc-4', 'pc-2', 'pc-10']);
});
