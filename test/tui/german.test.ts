/** What the server and the engines say in English, as the German UI shows it: errors and numbers. */

import assert from 'node:assert/strict';
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { widthOf } from '../../lib/columns.ts';
import { ErrorReport } from '../../lib/model/error-report.ts';
import { ERROR_TREATMENT } from '../../lib/model/error-treatment.ts';
import type { LogEntry } from '../../lib/model/log-entry.ts';
import { summarizeRun, taskViewOf } from '../../lib/client/task-view.ts';
import { viewOf } from '../../tui/frame.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { logText } from '../../tui/presentation/log-text.ts';
import { runLines } from '../../tui/presentation/tasks/run-lines.ts';
import type { Screen } from '../../tui/screen-states.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { request, screenOf } from '../../tui/actions.ts';
import { TOP } from '../../tui/values/selection.ts';
import { followAll } from '../../tui/follow.ts';
import { newState, type State } from '../../tui/state.ts';
import { update } from '../../tui/update.ts';
import type { Language } from '../../lib/model/language.ts';
import { errorIn, errorLineIn } from '../../lib/messages/errors.ts';
import { activityText } from '../../lib/client/work-in-words.ts';
import { bytesText, decimalText, rateText } from '../../lib/text/quantities.ts';
import { failedRun, sampleTask } from '../support/tasks.ts';
import { sampleStatus } from '../support/servers.ts';
import { withDriver } from './driver.ts';
import { diskText, knownDiskText } from '../../lib/text/disks.ts';

const TUI = join(import.meta.dirname, '../../tui');
const TASK = sampleTask([failedRun(1)]);
const STATUS = sampleStatus([TASK]);

function modelIn(language: Language): Model {
  const start = newModel({
    area: { left: 0, top: 0, width: 80, height: 24 },
    unicode: true,
    language,
    now: Date.parse('2026-11-21T12:00:00.000Z'),
    operator: 'anna',
  });
  const server = { hostname: 'cloner', programVersion: '0.2.0' };
  return { ...start, status: STATUS, connection: { type: 'online', server, since: 0 } };
}

function stateOf(language: Language, screen: Screen): State {
  return newState(modelIn(language), [screen]);
}

/** All of the terminal. */
function textOf(state: State): string {
  const { area, unicode } = state.model;
  return pictureText(viewOf(state), area, unicode).join('\n');
}

/** A report of each code. */
const REPORTS = Object.keys(ERROR_TREATMENT).map((code) =>
  ErrorReport.parse({ code, message: 'doing it to /dev/sda', hint: 'Do this.', causes: ['EIO'] }),
);

describe('errors in German', () => {
  for (const report of REPORTS) {
    test(`errors in German: ${report.code}: a short sentence, then the words that it came in`, () => {
      const { what, hint, original } = errorIn('de', report);
      // What it is about is to be seen on one line of 80 cells as well.
      assert.ok(widthOf(what) <= 44, what);
      assert.match(what, /^[A-ZÄÖÜ].*[^.]$/);
      assert.match(hint, /^[A-ZÄÖÜ].*\.$/);
      assert.deepEqual(original, { message: 'doing it to /dev/sda', hint: 'Do this.' });
      assert.equal(errorLineIn('de', report, 'EIO'), `${what}: EIO`);
    });
  }

  test('errors in German: no two codes are called the same', () => {
    const all = REPORTS.map((report) => errorIn('de', report).what);
    assert.equal(new Set(all).size, all.length);
  });

  test('errors in German: English stays as it is', () => {
    for (const report of REPORTS) {
      const { message, hint } = report;
      assert.deepEqual(errorIn('en', report), { what: message, hint, original: null });
      assert.equal(errorLineIn('en', report, 'EIO'), 'EIO');
    }
  });

  test('errors in German: the reason for a refusal is said in German', () => {
    const message = 'deleting pc-07: the host has unfinished work: cancel it first';
    const reason = { id: 'reason.host-has-work', params: {} };
    const refused = ErrorReport.parse({
      code: 'not-allowed',
      message,
      hint: 'See.',
      causes: [],
      reason,
    });
    assert.equal(
      errorIn('de', refused).what,
      'Das geht jetzt nicht: der Rechner hat noch Arbeit: zuerst abbrechen',
    );
  });

  test('errors in German: a refused request shows both, and nothing of the English is lost', () => {
    const shown = (language: Language): string => {
      const asked = request('x', 'group.list', {});
      const begun = { state: stateOf(language, FIRST_SCREEN), effects: [] };
      const { state: before } = followAll(begun, [asked]);
      const report = REPORTS.find(({ code }) => code === 'disk-busy') ?? assert.fail();
      const { state } = update(before, { type: 'refused', id: 1, report });
      return textOf(state);
    };
    assert.match(
      shown('de'),
      /Die Platte wird gerade benutzt[^]*Freigeben[^]*doing it to \/dev\/sda: EIO[^]*Do this\./,
    );
    assert.doesNotMatch(shown('en'), /Platte/);
  });

  test('errors in German: a run that failed says what happened, what to do, and then the message, its cause and its hint', () => {
    const model = modelIn('de');
    const [run] = TASK.runs;
    assert.ok(run !== undefined);
    const summary = summarizeRun(taskViewOf(TASK, STATUS), run);
    const lines = runLines(summary, model, 78).map((spans) => spans.map((s) => s.text).join(''));
    assert.match(
      lines.join('\n'),
      /Was geschah .*Die Platte ließ sich nicht beschreiben\n.*Was tun [^]*Meldung +writing to \/dev\/sda1\n.*Ursache +No space left[^]*Seriennummer S3Z8NB02[^]*Hinweis +Replace the disk\./,
    );
    assert.equal(
      activityText('de', summary.activity),
      'Die Platte ließ sich nicht beschreiben: writing to /dev/sda1',
    );
  });

  test('errors in German on 80x24 a task shows the sentence in its list, and all of the error below it', () => {
    const text = textOf(
      stateOf('de', screenOf('task', { taskId: TASK.id, read: null, selection: TOP })),
    );
    assert.match(text, /fehlgeschlagen +Die Platte ließ sich ni/);
    for (const part of ['Was geschah', 'Was tun', 'writing to', 'No space left', 'Replace the']) {
      assert.ok(text.includes(part), `${part} is missing:\n${text}`);
    }
  });

  test('errors in German: the log says the kind of error while the task is known, else the words it has', () => {
    const entry: LogEntry = {
      number: 1,
      at: '2026-11-21T07:00:00.000Z',
      times: 1,
      event: {
        type: 'runs-failed',
        task: TASK.title,
        error: 'writing to /dev/sda1',
        hosts: { names: ['pc-01'], count: 1 },
      },
    };
    const known = modelIn('de');
    const before = 'win11 verteilen auf room-1: fehlgeschlagen auf pc-01:';
    assert.equal(
      logText(entry, known),
      `${before} Die Platte ließ sich nicht beschreiben: writing to /dev/sda1`,
    );
    assert.equal(logText(entry, { ...known, status: null }), `${before} writing to /dev/sda1`);
  });
});

describe('numbers and disks', () => {
  const [english, german] = [modelIn('en'), modelIn('de')];

  test('numbers and disks have a decimal comma in German alone', () => {
    assert.equal(bytesText(1_500_000_000, english), '1.50 GB');
    assert.equal(bytesText(1_500_000_000, german), '1,50 GB');
    assert.equal(bytesText(999, german), '999 B');
    assert.equal(rateText(12_340_000, german), '12,3 MB/s');
    assert.equal(decimalText(0.25, 1, german), '0,3');
    assert.equal(decimalText(0.25, 1, english), '0.3');
  });

  test('numbers and disks are written by lib/text/quantities.ts and nothing else', () => {
    for (const file of globSync('**/*.ts', { cwd: TUI })) {
      const source = readFileSync(join(TUI, file), 'utf8');
      assert.doesNotMatch(source, /\bformat(Bytes|Rate)\b|\.to(Fixed|Precision)\(/, file);
    }
  });

  test('a disk keeps model, serial number and size', () => {
    const disk = {
      address: '/dev/sda',
      model: 'Samsung SSD 860, 1 TB',
      serial: 'S3 Z8',
      wwn: null,
      sizeBytes: 500_107_862_016,
    };
    assert.equal(
      diskText('de', disk),
      '/dev/sda (Samsung SSD 860, 1 TB, Seriennummer S3 Z8, 500107862016 Bytes)',
    );
    assert.equal(
      diskText('de', { ...disk, model: '', serial: null }),
      '/dev/sda (Modell unbekannt, keine Seriennummer, 500107862016 Bytes)',
    );
    assert.equal(
      knownDiskText('de', undefined, '/dev/sda (as it was said)'),
      '/dev/sda (as it was said)',
    );
  });
});

test('the chart writes the numbers at its axis with a comma', async () => {
  const area = { left: 0, top: 0, width: 80, height: 22 };
  for (const [decimalMark, expected] of [
    [',', /[01],\d\d/],
    ['.', /[01]\.\d\d/],
  ] as const) {
    await withDriver({}, async (driver) => {
      await driver.waitFor('OpenClone');
      driver.terminal.paint({
        panels: [
          {
            type: 'chart',
            area,
            title: 'Rate',
            most: 2,
            decimalMark,
            series: [{ label: 'MB/s', values: [0.5, 1.5, 2] }],
            labels: { least: '0', most: '2 MB/s' },
          },
        ],
        targets: [],
        caret: null,
      });
      await driver.waitFor(expected);
    });
  }
});
