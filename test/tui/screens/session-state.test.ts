/** What the screen of a transmission makes of what the server says: pure. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Run, Session } from '../../../lib/model/task.ts';
import type { UiEvent } from '../../../tui/events.ts';
import { openSession } from '../../../tui/screens/open.ts';
import { sampleRoom } from '../sample-room.ts';
import { after, start, ROOM, done, shown } from '../pure-ui.ts';

test('the rate of a transmission is what was sent between two ticks', () => {
  const at = (share: number, now: number): UiEvent[] => [
    { type: 'status', status: sampleRoom(share).status, now: now - 300 },
    { type: 'tick', now },
  ];
  const { state } = after(start(), ...at(0.1, 1000), ...at(0.2, 2000), ...at(0.4, 4000));
  assert.deepEqual(
    Object.values(state.model.sessionRates).map((each) =>
      each?.rates.map((rate) => Math.round(rate / 1e6)),
    ),
    [[9600, 9600]],
  );
});

test('while nothing is sent the hosts of a transmission are paused, and no old rate is shown', () => {
  const [task = assert.fail()] = ROOM.tasks;
  const at = (share: number, now: number): UiEvent[] => [
    { type: 'status', status: sampleRoom(share).status, now: now - 300 },
    { type: 'tick', now },
  ];
  const shownAt = (...events: readonly UiEvent[]): string => {
    const opened = done(start({ hosts: ROOM.hosts, status: ROOM.status }), ...openSession(task));
    return shown(after(opened, ...events).state);
  };
  const moving = [...at(0.1, 1000), ...at(0.2, 2000), ...at(0.4, 3000)];
  assert.match(shownAt(...moving), /pc-01 .* MB\/s/);
  const stalled = [...moving, ...at(0.4, 4000), ...at(0.4, 5000), ...at(0.4, 6000)];
  assert.match(shownAt(...stalled), /pc-01 .* paused/);
  assert.match(shownAt(...stalled), /^ paused {3}a host does not answer/m);
  assert.doesNotMatch(shownAt(...stalled), /pc-\d\d .* MB\/s/);
  assert.match(shownAt(...stalled, ...at(0.5, 7000)), /pc-01 .* MB\/s/);
});

test('a transmission that waits for a host names it, and when it is dropped, in both languages', () => {
  const [task = assert.fail()] = ROOM.tasks;
  const [silent = assert.fail(), other = assert.fail()] = ROOM.status.sessions[0]?.members ?? [];
  const at = (runIds: readonly (typeof silent.runId)[]): UiEvent => {
    const { status } = sampleRoom(0.4);
    const sessions = status.sessions.map((session) => ({
      ...session,
      bytesPerSecond: 0,
      silent: { runIds: [...runIds], dropsInMs: 14_200 },
    }));
    return { type: 'status', status: { ...status, sessions }, now: 3000 };
  };
  const words = (language: 'en' | 'de', event: UiEvent): string => {
    const begun = start({ hosts: ROOM.hosts, status: ROOM.status, language });
    const opened = done(begun, ...openSession(task));
    // Without the chart at the right.
    const rows = shown(after(opened, event).state).split('\n');
    return rows
      .map((row) => row.replace(/[┌│└].*/, ''))
      .join(' ')
      .replace(/\s+/g, ' ');
  };
  const one = at([silent.runId]);
  assert.match(
    words('en', one),
    /waiting for pc-01, which does not answer: dropped in 14 s .* pc-01 .{0,40}no answer pc-02 .{0,40}paused/,
  );
  assert.doesNotMatch(words('en', one), /pc-\d\d .* MB\/s/);
  assert.match(words('de', one), /wartet auf pc-01, der nicht antwortet: wird in 14 s aufgegeben/);
  const two = at([silent.runId, other.runId]);
  assert.match(words('en', two), /pc-01 and 1 more, which do not answer: dropped in 14 s/);
  assert.match(words('de', two), /pc-01 und 1 weitere, die nicht antworten: werden in 14 s aufg/);
});

test('a transmission that gathers says when it begins, and names who gets the image afterwards', () => {
  const [task = assert.fail()] = ROOM.tasks;
  const at = (change: Partial<Session>, late = 0): UiEvent => {
    const { status } = sampleRoom(0.4);
    const sessions = status.sessions.map((session) => ({
      ...session,
      members: session.members.slice(late),
      ...change,
    }));
    const tasks = status.tasks.map((each) => ({
      ...each,
      runs: each.runs.map((run, index): Run =>
        index < late ? { ...run, state: 'waiting', sessionId: null } : run,
      ),
    }));
    return { type: 'status', status: { ...status, sessions, tasks }, now: 3000 };
  };
  const words = (language: 'en' | 'de', event: UiEvent): string => {
    const begun = start({ hosts: ROOM.hosts, status: ROOM.status, language });
    const opened = done(begun, ...openSession(task));
    return shown(after(opened, event).state).replaceAll(/\s+/g, ' ');
  };
  const gathering = {
    state: 'gathering',
    startsAt: new Date(3000 + 75_000).toISOString(),
  } as const;
  assert.match(words('en', at(gathering)), /starts in 1:15 min at the latest; s: now/);
  assert.match(words('de', at(gathering)), /beginnt spätestens in 1:15 min; s: jetzt/);
  assert.match(words('en', at({}, 2)), /failed afterwards: pc-01 and 1 more /);
  assert.match(words('de', at({}, 1)), /danach: pc-01 /);
  assert.doesNotMatch(words('en', at({})), /afterwards/);
});

test('a host that was cancelled is not one that failed', () => {
  const [task = assert.fail()] = ROOM.tasks;
  const { status } = sampleRoom(0.4);
  const tasks = status.tasks.map((each) => ({
    ...each,
    runs: each.runs.map((run, index): Run => (index === 0 ? { ...run, state: 'aborted' } : run)),
  }));
  for (const [language, expected] of [
    ['en', /0 of 20 hosts done, 1 failed, 1 cancelled/],
    ['de', /0 von 20 Rechnern fertig, 1 fehlgeschlagen, 1 abgebrochen/],
  ] as const) {
    const begun = start({ hosts: ROOM.hosts, status: { ...status, tasks }, language });
    const opened = done(begun, ...openSession(task));
    assert.match(shown(opened), expected);
  }
});
