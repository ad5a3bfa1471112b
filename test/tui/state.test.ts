/** The root update and the frame around the screens: pure. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { answered } from '../../tui/requests.ts';
import type { Run, Session } from '../../lib/model/task.ts';
import type { Status } from '../../lib/model/status.ts';
import type { InventoryChange } from '../../lib/protocol/operator-api/status.ts';
import type { UiEvent } from '../../tui/events.ts';
import { findTarget, viewOf } from '../../tui/frame.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { request, screenOf } from '../../tui/actions.ts';
import { textForm } from '../../tui/components/form-dialog.ts';
import { TOP } from '../../tui/values/selection.ts';
import { followAll, type Effect } from '../../tui/follow.ts';
import { ALL_UNMARKED } from '../../tui/values/host-list-state.ts';
import type { Action, Screen } from '../../tui/screen-states.ts';
import { FIRST_SCREEN, openSession } from '../../tui/screens/open.ts';
import { newState, type State } from '../../tui/state.ts';
import { textsOf } from '../../tui/text/catalogue.ts';
import { update } from '../../tui/update.ts';
import { BROKEN_OFF, ROOM_TIME, sampleRoom } from './sample-room.ts';

const ROOM = sampleRoom(0.4);
const SERVER = { ...ROOM.status.server, isLoginNeeded: false };

const GROUP = ROOM.groups[1] ?? assert.fail('the room has a second group');
const MEMBERS = screenOf('group-members', { groupId: GROUP.id, changes: {}, selection: TOP });
const TEXT_BOX = screenOf('group-add', { form: textForm('Text', ''), hostIds: [] });
const HOSTS = screenOf('hosts', ALL_UNMARKED);
const GROUPS = screenOf('groups', { selection: TOP });
const IMAGES = screenOf('images', { selection: TOP });
const MESSAGE = screenOf('message', { title: 'Other', texts: ['text'], style: 'plain' });

function start(change: Partial<Model> = {}, ...screens: readonly Screen[]): State {
  const model = newModel({
    area: { left: 0, top: 0, width: 80, height: 24 },
    unicode: true,
    language: 'en',
    now: Date.parse(ROOM_TIME),
    operator: 'anna',
  });
  const [first = FIRST_SCREEN, ...rest] = screens;
  return newState({ ...model, ...change }, [first, ...rest]);
}

function after(state: State, ...events: readonly UiEvent[]): { state: State; effects: Effect[] } {
  const effects: Effect[] = [];
  let now = state;
  for (const event of events) {
    const next = update(now, event);
    now = next.state;
    effects.push(...next.effects);
  }
  return { state: now, effects };
}

const key = (name: string): UiEvent => ({
  type: 'key',
  key: { name, text: name.length === 1 ? name : null },
});
const shown = (state: State): string =>
  pictureText(viewOf(state), state.model.area, state.model.unicode).join('\n');
const done = (state: State, ...actions: readonly Action[]): State =>
  followAll({ state, effects: [] }, actions).state;
/** How often the lists were asked for. */
const refreshes = (effects: readonly Effect[]): number =>
  effects.filter((each) => each.type === 'send' && each.request.method === 'group.list').length;
const names = (state: State): string[] => state.screens.map(({ name }) => name);

describe('update', () => {
  test('update: actions push, pop, replace, close by name and go home', () => {
    const run = (...actions: readonly Action[]): string[] =>
      names(done(start({}, FIRST_SCREEN, GROUPS), ...actions));
    assert.deepEqual(run({ type: 'push', screen: MESSAGE }), ['overview', 'groups', 'message']);
    assert.deepEqual(run({ type: 'pop' }), ['overview']);
    assert.deepEqual(run({ type: 'replace', screen: MESSAGE }), ['overview', 'message']);
    assert.deepEqual(run({ type: 'home', screen: MESSAGE }), ['message']);
    const closing: Action[] = [
      { type: 'push', screen: MESSAGE },
      { type: 'close', name: 'groups' },
    ];
    assert.deepEqual(run(...closing), ['overview', 'message']);
  });

  test('update: the last screen cannot be left', () => {
    const { state } = after(done(start({}, GROUPS), { type: 'pop' }), key('escape'));
    assert.deepEqual(names(state), ['groups']);
  });

  test('update: a disabled command says why, does nothing, and the notice goes with the next key', () => {
    const { state, effects } = after(start({}, FIRST_SCREEN, IMAGES), key('e'));
    assert.deepEqual(effects, []);
    const { rename, empty } = textsOf('en').images;
    assert.ok(shown(state).includes(`${rename}: ${empty}`), shown(state));
    assert.ok(!shown(after(state, key('up')).state).includes(`${rename}: `));
  });

  test('update: a request has an id, and its answer is taken once', () => {
    const asked = request('adding', 'group.create', { name: 'x', hosts: [] }, [
      { type: 'notice', text: 'it is there', isBad: false },
    ]);
    const before = done(start({}, FIRST_SCREEN, GROUPS), asked);
    const [pending] = before.model.pending;
    const answer = answered('group.create', GROUP, pending?.id);
    const once = after(before, answer);
    assert.equal(once.state.model.notice?.text, 'it is there');
    assert.deepEqual(
      once.state.model.pending.filter(({ isQuiet }) => !isQuiet),
      [],
    );
    const twice = after(once.state, key('up'), answer);
    assert.equal(twice.state.model.notice, null);
  });

  test('update nothing remembers a password that was sent', () => {
    const login = { name: 'anna', password: 'secret-12' };
    const { state, effects } = followAll({ state: start(), effects: [] }, [
      request('logging in', 'operator.login', login),
    ]);
    assert.ok(!JSON.stringify(state).includes('secret-12'));
    assert.ok(JSON.stringify(effects).includes('secret-12'));
  });

  test('update: the state is plain data: written and read again it is the same', () => {
    const state = after(
      start({ hosts: ROOM.hosts, groups: ROOM.groups, images: ROOM.images, status: ROOM.status }),
      ...['h', 'space', 'space', 'm', 'down', 'escape', 'x', 'escape', 'u'].map(key),
    ).state;
    assert.deepEqual(JSON.parse(JSON.stringify(state)), state);
    assert.deepEqual(names(state), ['overview', 'hosts', 'name-rule']);
  });

  test('update: a notice is gone after five seconds of ticks, and Esc is there with it in both languages', () => {
    const notice: Action = { type: 'notice', text: 'done that', isBad: false };
    for (const language of ['en', 'de'] as const) {
      const first = after(
        done(start({ language }, FIRST_SCREEN, HOSTS), notice),
        { type: 'tick', now: 1_000_000 },
        { type: 'tick', now: 1_004_000 },
      );
      assert.match(shown(first.state), /done that/);
      assert.match(shown(first.state), /Esc (back|zurück)/);
      const later = after(first.state, { type: 'tick', now: 1_005_000 });
      assert.doesNotMatch(shown(later.state), /done that/);
    }
  });

  test('update: a key that does nothing here is answered; one that moves, types or acts is not', () => {
    const pressed = (name: string, ...screens: readonly Screen[]): string | undefined =>
      after(start({ hosts: ROOM.hosts }, ...screens), key(name)).state.model.notice?.text;
    assert.match(pressed('z', FIRST_SCREEN, HOSTS) ?? '', /^z does nothing here; \? shows/);
    assert.match(pressed('C-w', FIRST_SCREEN) ?? '', /^Ctrl-W does nothing here/);
    assert.equal(pressed('down', FIRST_SCREEN, HOSTS), undefined);
    assert.equal(pressed('h', FIRST_SCREEN), undefined);
    assert.equal(pressed('z', FIRST_SCREEN, TEXT_BOX), undefined);
  });

  test('update: Ctrl-C quits from every kind of screen', () => {
    const question = screenOf('confirm', { title: 'C', texts: ['c'], label: 'do', actions: [] });
    for (const top of [MEMBERS, TEXT_BOX, MESSAGE, question]) {
      const { effects } = after(start({}, FIRST_SCREEN, top), key('C-c'));
      assert.deepEqual(effects, [{ type: 'quit' }], top.name);
    }
  });

  test('update: letters typed into a field are text, not commands', () => {
    const typing = after(start({}, FIRST_SCREEN, TEXT_BOX), key('q'), key('?'), key('h'));
    assert.deepEqual(names(typing.state), ['overview', 'group-add']);
    assert.match(shown(typing.state), /q\?h_/);
  });

  test('update: a refused request opens a message above what is there', () => {
    const asked = request('deleting the image win11', 'group.list', {});
    const { state } = after(done(start(), asked), {
      type: 'refused',
      id: 1,
      report: { code: 'not-allowed', message: 'it is used', hint: 'Wait.', causes: [] },
    });
    assert.match(shown(state), /Failed: deleting the image win11/);
    assert.match(shown(state), /Wait\./);
    assert.deepEqual(names(after(state, key('escape')).state), ['overview']);
  });

  test('update answers reach the screens below a dialog as well', () => {
    const tasks = screenOf('tasks', { selection: TOP, read: [], limit: 40 });
    const { state } = after(
      start({}, tasks, MESSAGE),
      answered('task.list', [...ROOM.tasks]),
      key('up'),
    );
    const [below] = state.screens;
    assert.equal(below.name === 'tasks' ? below.state.read.length : 0, ROOM.tasks.length);
  });
});

describe('lists', () => {
  const online: UiEvent = { type: 'connected', server: SERVER, now: 1000 };
  const status = (share: number, now: number): UiEvent => ({
    ...{ type: 'status', now },
    status: sampleRoom(share).status,
  });
  const tick = (now: number): UiEvent => ({ type: 'tick', now });
  const changed = (change: Partial<InventoryChange>): UiEvent => ({
    type: 'inventory',
    isWhole: false,
    change: {
      hosts: [...ROOM.hosts.slice(0, 1)],
      gone: [],
      areGroupsChanged: false,
      areImagesChanged: false,
      areSettingsChanged: false,
      ...change,
    },
  });

  test('lists are read at once when the server is there', () => {
    assert.equal(refreshes(after(start(), online).effects), 1);
  });

  test('lists are read again after a change, but not more than every two seconds', () => {
    const first = after(start(), online, changed({ areImagesChanged: true }), tick(2000));
    assert.equal(refreshes(first.effects), 1, 'the one of the connection');
    const second = after(first.state, tick(3100));
    assert.equal(refreshes(second.effects), 1);
    // Hosts come with the change itself, progress with the status: nothing in the lists is old.
    const third = after(second.state, changed({}), status(0.5, 3200), tick(60_000));
    assert.deepEqual(third.effects, []);
    const fourth = after(third.state, changed({ areGroupsChanged: true }), tick(60_100));
    assert.equal(refreshes(fourth.effects), 1);
    const fifth = after(fourth.state, changed({ areSettingsChanged: true }), tick(70_000));
    assert.equal(refreshes(fifth.effects), 1);
  });

  test('lists are not asked for without a server', () => {
    const lost: UiEvent = { type: 'lost', trouble: BROKEN_OFF, now: 2000 };
    assert.equal(refreshes(after(start(), online, lost, tick(90_000)).effects), 1);
  });
});

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
      ...{ bytesPerSecond: 0, silent: { runIds: [...runIds], dropsInMs: 14_200 } },
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

describe('the data rate of the overview', () => {
  const ofLast = (...events: readonly UiEvent[]): number =>
    Math.round((after(start(), ...events).state.model.rates.at(-1) ?? 0) / 1e6);
  const online: UiEvent = { type: 'connected', server: SERVER, now: 900 };
  const at = (now: number, status: Status): UiEvent[] => [
    { type: 'status', status, now },
    { type: 'tick', now },
  ];
  const withoutSessions = (status: Status, change: Partial<Run>): Status => ({
    ...status,
    sessions: [],
    tasks: status.tasks.map((task) => ({
      ...task,
      runs: task.runs.map((run) => (run.state === 'running' ? { ...run, ...change } : run)),
    })),
  });

  test('the data rate of the overview is what a transmission sends, once for all its hosts', () => {
    const statuses = [0.1, 0.2].map((share) => sampleRoom(share).status);
    const [first = ROOM.status, second = ROOM.status] = statuses;
    assert.equal(ofLast(online, ...at(1000, first), ...at(2000, second)), 9600);
    // A run of its own beside it.
    const [task = assert.fail()] = second.tasks;
    const alone = task.runs.map((run, index) => (index === 0 ? { ...run, sessionId: null } : run));
    const both = { ...second, tasks: [{ ...task, runs: alone }] };
    assert.equal(ofLast(online, ...at(1000, first), ...at(2000, both)), 9697);
  });

  test('the data rate of the overview is what runs without a transmission move, together', () => {
    const unicast = withoutSessions(ROOM.status, { sessionId: null });
    const rates = unicast.progress
      .filter((_, index) => index !== 3 && index !== 8)
      .map(({ total }) => total.bytesPerSecond / 1e6);
    const sum = rates.reduce((one, other) => one + other, 0);
    assert.equal(ofLast(online, ...at(1000, unicast)), Math.round(sum));
  });

  test('the data rate of the overview is nothing while hosts write the end of what was sent', () => {
    const sent = withoutSessions(ROOM.status, {});
    assert.equal(ofLast(online, ...at(1000, sent), ...at(2000, sent)), 0);
  });
});

describe('frame', () => {
  test('frame: a terminal smaller than 80x24 says so, and one that shows nothing says nothing else', () => {
    for (const language of ['en', 'de'] as const) {
      const size = (width: number, height: number): string => {
        const area = { left: 0, top: 0, width, height };
        return shown(start({ ...connected.model, area, language }));
      };
      assert.match(size(79, 24), /79x24.* 80x24/);
      assert.match(size(80, 23), /80x23.* 80x24/);
      assert.match(size(80, 23), /deploy win11 to|win11 verteilen auf/);
      assert.doesNotMatch(size(80, 24), /80x24/);
      assert.match(size(30, 8).replaceAll(/\s+/g, ' '), /30x8.* 80x24/);
      assert.doesNotMatch(size(30, 8), /win11/);
      assert.equal(size(1, 1).length <= 1, true);
    }
  });

  const connected = start({
    connection: { type: 'online', server: SERVER, since: 0 },
    status: ROOM.status,
    hosts: ROOM.hosts,
    groups: ROOM.groups,
    images: ROOM.images,
  });

  test('frame: heading, body and footer fill every size from 40x10 to 300x80', () => {
    for (const [width, height] of [
      [40, 10],
      [80, 24],
      [120, 40],
      [200, 50],
      [300, 80],
    ] as const) {
      const area = { left: 0, top: 0, width, height };
      for (const language of ['en', 'de'] as const) {
        for (const screen of [FIRST_SCREEN, MEMBERS]) {
          const state = start({ ...connected.model, area, language }, screen);
          const lines = shown(state).split('\n');
          assert.equal(lines.length, height);
          assert.match(lines[0] ?? '', /^ (OpenClone|Too small: .*|Zu klein: .*) ─ /);
          assert.match(lines.slice(-2).join(' '), /Enter|Space|Leer/);
        }
      }
    }
  });

  test('frame: a click on a key of the footer does what the key does', () => {
    const picture = viewOf(connected);
    const lines = shown(connected).split('\n');
    const row = lines.findIndex((text) => text.includes('i images'));
    const column = (lines[row] ?? '').indexOf('i images');
    assert.deepEqual(findTarget(picture, column, row), { type: 'command', name: 'images' });
    const { state } = after(connected, { type: 'clicked', column, row, isDouble: false });
    assert.deepEqual(names(state), ['overview', 'images']);
  });

  test('frame: a click on a row puts the cursor there', () => {
    const state = start(connected.model, FIRST_SCREEN, MEMBERS);
    const lines = shown(state).split('\n');
    const row = lines.findIndex((text) => text.includes('pc-23'));
    const clicked = after(state, { type: 'clicked', column: 10, row, isDouble: false });
    const { state: marked } = after(clicked.state, key('space'));
    assert.match(shown(marked), /\[ \] pc-23/);
    assert.match(shown(marked), /\[x\] pc-22/);
  });

  test('frame: a lost connection shows since when, above the data that is old', () => {
    const area = { left: 0, top: 0, width: 120, height: 24 };
    const { state } = after(start({ ...connected.model, area }), {
      ...{ type: 'lost', trouble: BROKEN_OFF },
      now: connected.model.now - 65_000,
    });
    assert.match(
      shown(state),
      /No connection for 1:05 min \(the connection broke off\).*this is old/,
    );
    assert.match(shown(state), /deploy win11 to room-1/);
  });

  test('frame while the connection is lost, nothing but the cursor has a colour', () => {
    const styles = (state: State): Set<string> =>
      new Set(
        viewOf(state).panels.flatMap((panel) =>
          panel.type === 'text' && panel.area.top > 0 && panel.area.top < 22
            ? panel.lines.flatMap((spans) => spans.map(({ style }) => style))
            : [],
        ),
      );
    assert.ok(styles(connected).has('good') && styles(connected).has('bad'));
    const lost: UiEvent = { type: 'lost', trouble: BROKEN_OFF, now: connected.model.now };
    assert.deepEqual(styles(after(connected, lost).state), new Set(['banner', 'dim', 'cursor']));
  });

  test('frame where not all keys fit the way out and the help are there, which has them all', () => {
    for (const language of ['en', 'de'] as const) {
      const state = start({ ...connected.model, language }, FIRST_SCREEN, HOSTS);
      const footer = shown(state).split('\n').slice(-2);
      assert.match(footer[1] ?? '', language === 'en' ? /\? help$/ : /\? Hilfe$/);
      assert.match(footer.join(' '), /Esc/);
      assert.doesNotMatch(footer.join(' '), / 3 /, 'there are more keys than have room');
      const column = (footer[1] ?? '').indexOf('? ');
      const help = findTarget(viewOf(state), column, 23);
      assert.deepEqual(help, { type: 'command', name: 'help' });
      const large = { ...connected.model.area, height: 60 };
      const { state: helped } = after(
        start({ ...connected.model, language, area: large }, FIRST_SCREEN, HOSTS),
        key('?'),
      );
      assert.match(shown(helped), /Esc/);
    }
  });

  test('frame: a request that takes long is named until it has been answered', () => {
    const asked = request('verifying win11', 'image.verify', { image: 'win11', allVersions: true });
    const sent = done({ ...connected, model: { ...connected.model, now: 0 } }, asked);
    const waiting = after(sent, { type: 'tick', now: 5000 });
    assert.match(shown(waiting.state), /verifying win11 \.\.\. 5 s/);
    const back = after(waiting.state, answered('image.verify', [], 1));
    assert.doesNotMatch(shown(done(back.state, { type: 'pop' })), /verifying/);
  });

  test('frame: the caret is where text is typed, and nowhere else', () => {
    assert.equal(viewOf(connected).caret, null);
    const state = start(connected.model, FIRST_SCREEN, TEXT_BOX);
    const { state: typing } = after(state, key('a'), key('b'));
    const { caret } = viewOf(typing);
    assert.ok(caret !== null);
    const text = shown(typing).split('\n')[caret.row] ?? '';
    assert.equal(text.slice(caret.column - 2, caret.column), 'ab');
  });

  test('frame: help lists every command of the screen with its keys, and why it is disabled', () => {
    const { state } = after(start({}, FIRST_SCREEN, IMAGES), key('?'));
    const { empty, renameHelp } = textsOf('en').images;
    assert.ok(shown(state).includes(renameHelp), shown(state));
    assert.ok(shown(state).includes(`not now: ${empty}`), shown(state));
    assert.match(shown(state), /Esc +Leaves this screen/);
  });
});
