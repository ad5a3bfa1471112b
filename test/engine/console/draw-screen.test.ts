import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { COLUMNS, drawScreen, ROWS, type Row } from '../../../engine/console/draw-screen.ts';
import { screenOf } from '../../../engine/console/screens.ts';
import {
  STATE_NAMES,
  stateNameOf,
  type ConsoleState,
  type WorkTitle,
} from '../../../engine/console/state.ts';
import { LANGUAGES } from '../../../lib/model/language.ts';
import {
  ERROR,
  HALF_WRITTEN,
  IDLE,
  NOW,
  OFFLINE,
  STANDING,
  STATES,
  WORKING,
} from './sample-state.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';
import type { Message } from '../../../lib/model/message.ts';

function textOf(state: ConsoleState): string {
  return drawScreen(state, NOW)
    .map(({ text }) => text.trimEnd())
    .join('\n');
}

function assertFits(rows: readonly Row[]): void {
  assert.equal(rows.length, ROWS);
  for (const { text } of rows) {
    assert.equal(text.length, COLUMNS);
    assert.match(text, /^[\x20-\x7eäöüÄÖÜß]*$/);
  }
}

describe('every state', () => {
  for (const name of STATE_NAMES) {
    test(`every state: ${name} fills 80 x 25, under its own large word, in each language`, () => {
      for (const language of LANGUAGES) {
        const state = { ...STATES[name], language };
        assert.equal(stateNameOf(state), name);
        assertFits(drawScreen(state, NOW));
        const words = STATE_NAMES.map((each) => screenOf({ ...STATES[each], language }, NOW).word);
        assert.equal(new Set(words).size, STATE_NAMES.length, 'each is told without its colour');
        assert.notEqual(screenOf(state, NOW).headline, '');
      }
    });
  }
});

test('Addresses, MAC, server and system are always on the screen, and the host is named twice.', () => {
  for (const name of STATE_NAMES) {
    const text = textOf(STATES[name]);
    for (const fact of [
      'eth0 10.77.0.10',
      '52:54:00:77:00:01',
      '10.77.0.1:7077',
      '20261121-1200-abcd',
    ]) {
      assert.ok(text.includes(fact), `${name}: ${fact}`);
    }
  }
  assert.equal(textOf(IDLE).split('room1-pc01').length, 3);
});

test('Work shows its percentage, step, amount, rate, time left, and warnings.', () => {
  assert.equal(screenOf(WORKING, NOW).word, '42 %');
  const text = textOf(WORKING);
  for (const fact of [
    'Do not switch off: writing the image "win11"',
    'step 5 of 12: write partition 2 (ntfs, 12.0 GB)',
    '3.20 GB of 12.0 GB   98.3 MB/s   2:10 min left   running for 1:05 min',
    'Warning: sent 2 times',
  ]) {
    assert.ok(text.includes(fact), fact);
  }
});

test('Work never says 100 % before it is done.', () => {
  const { activity } = WORKING;
  assert.ok(activity.type === 'working' && activity.progress !== null);
  const total = { ...activity.progress.total, fraction: 1 };
  const state = {
    ...WORKING,
    activity: { ...activity, progress: { ...activity.progress, total } },
  };
  assert.equal(screenOf(state, NOW).word, '99 %');
});

test('Work goes on without the server, and the last line says that it is gone.', () => {
  const rows = drawScreen({ ...WORKING, connection: OFFLINE }, NOW);
  assert.match(rows.at(-1)?.text ?? '', /NOT CONNECTED/);
  assert.match(drawScreen(WORKING, NOW).at(-1)?.text ?? '', /Connected to the server/);
});

test('A failure says what, why and what to do.', () => {
  const text = textOf(STATES.failed);
  for (const part of [ERROR.message, ...ERROR.causes, ERROR.hint]) assert.ok(text.includes(part));
});

test('A half-written disk stays on the screen without a server, and after work that failed again.', () => {
  for (const change of [{ connection: OFFLINE }, { activity: STATES.failed.activity }]) {
    const text = textOf({ ...HALF_WRITTEN, ...change });
    assert.match(text, /disk of this host is half written\. Do not use it/);
    assert.ok(text.includes('/dev/sda (DISK, 4711), since 2026-11-21 10:00 UTC'));
    assert.ok(text.includes(ERROR.causes[0] ?? ''));
  }
});

test('A new deployment is shown over a half-written disk.', () => {
  assert.equal(stateNameOf({ ...WORKING, standing: HALF_WRITTEN.standing }), 'working');
});

test('No connection says since when, which attempt it is, and what to check.', () => {
  const text = textOf(STATES.connecting);
  assert.match(text, /No connection to 10\.77\.0\.1:7077 for 3:07 min \(attempt 13\)/);
  assert.match(text, /The server at 10\.77\.0\.1:7077 does not answer\./);
  assert.match(text, /- Is the server switched on\?/);
});

test('What comes from the network cannot move the cursor, leave the screen, or break it.', () => {
  const evil = `\u001b[2J\u009b1;1H\r\n\u202e${'ünîçødé ß 漢字 '.repeat(200)}`;
  const standing = { ...STANDING, hostName: evil };
  const error = { ...ERROR, message: evil, hint: evil, causes: [evil, evil, evil] };
  const title: WorkTitle = { type: 'deploy', image: evil, disk: { type: 'address', value: evil } };
  const states: ConsoleState[] = [
    { ...IDLE, standing, addresses: [evil, evil] },
    { ...IDLE, standing: { ...standing, approval: 'pending' } },
    { ...IDLE, activity: { type: 'failed', title, at: NOW, error } },
    {
      ...IDLE,
      activity: {
        type: 'done',
        title,
        at: NOW,
        warnings: Array<Message>(20).fill(verbatim(evil)),
      },
    },
    { ...IDLE, activity: { type: 'fatal', error }, server: evil, buildId: evil, mac: evil },
    { ...IDLE, connection: { ...OFFLINE, problem: { type: 'other', said: verbatim(evil) } } },
    {
      ...IDLE,
      standing: { ...standing, halfWritten: { disk: evil, since: '2026-11-21T10:00:00Z', error } },
    },
    {
      ...IDLE,
      activity: {
        type: 'working',
        title,
        startedAt: NOW,
        step: { title: verbatim(evil), number: 1, count: 2 },
        progress: null,
        warnings: Array<Message>(20).fill(verbatim(evil)),
      },
    },
  ];
  for (const language of LANGUAGES) {
    for (const state of states) assertFits(drawScreen({ ...state, language }, NOW));
  }
});

describe('the screen in German', () => {
  const germanOf = (state: ConsoleState): string => textOf({ ...state, language: 'de' });

  test('the screen in German says work with its step, amounts and rate, numbers with a comma', () => {
    const text = germanOf(WORKING);
    for (const fact of [
      'Nicht ausschalten: Abbild "win11" schreiben (Platte des Rechners)',
      'Schritt 5 von 12: ',
      '3,20 GB von 12,0 GB   98,3 MB/s   noch 2:10 min   läuft seit 1:05 min',
      'Rechner  room1-pc01',
      'Mit dem Server verbunden',
    ]) {
      assert.ok(text.includes(fact), `${fact}\n${text}`);
    }
  });

  test('the screen in German says the kind of an error and what to do, and the error in its own words', () => {
    const text = germanOf(STATES.failed);
    assert.match(text, /Was: Ein Programm ist fehlgeschlagen: write partition 1 \(ntfs/);
    assert.match(text, /Warum: running partclone\.restore/);
    assert.match(text, /Zu tun: Die Ursache nennt/);
  });

  test('the screen in German says why there is no server and what to check', () => {
    const text = germanOf(STATES.connecting);
    assert.match(text, /Keine Verbindung zu 10\.77\.0\.1:7077 seit 3:07 min \(Versuch 13\)/);
    assert.match(text, /- Steckt das Netzkabel, und leuchtet sein Licht\?/);
  });

  test('the screen in German has no English words in any state', () => {
    for (const name of STATE_NAMES) {
      const { activity, standing } = STATES[name];
      const half = standing?.halfWritten ?? null;
      const text = germanOf({
        ...STATES[name],
        activity: withoutError(activity),
        standing:
          standing === null || half === null
            ? standing
            : { ...standing, halfWritten: { ...half, error: null } },
      });
      assert.doesNotMatch(
        text.replaceAll(/openclone host approve \S+/g, ''),
        /\b(the|of|is|are|host|does|this|nobody|warning)\b/i,
        name,
      );
    }
  });
});

/** Errors, step titles and warnings are shown as they came, or by messages. */
function withoutError(activity: ConsoleState['activity']): ConsoleState['activity'] {
  if (activity.type === 'working') return { ...activity, step: null, warnings: [] };
  if (activity.type !== 'failed' && activity.type !== 'fatal') return activity;
  return { ...activity, error: { ...ERROR, message: '', causes: [] } };
}
