/** Login, settings and log as pictures: pure. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  logAfter,
  MAX_LOG_ENTRIES,
  type LogEntry,
  type LogEvent,
} from '../../lib/model/log-entry.ts';
import { Settings } from '../../lib/model/settings.ts';
import { newModel, type Model } from '../../tui/model.ts';
import { pictureText } from '../../tui/panel-text.ts';
import { TOP } from '../../tui/values/selection.ts';
import { logText } from '../../tui/presentation/log-text.ts';
import { answered } from '../../tui/requests.ts';
import { request } from '../../tui/actions.ts';
import type { BoundCommand } from '../../tui/commands.ts';
import type { Screen } from '../../tui/screen-states.ts';
import { newLogin } from '../../tui/screens/login.ts';
import { commandsIn, updateScreen, viewScreen } from '../../tui/screens/table.ts';
import { LANGUAGES } from '../../lib/model/language.ts';
import { verbatim } from '../../lib/model/messages/table.ts';
import { reasonIn } from '../../tui/text/reasons.ts';

const SIZES = [
  [80, 24],
  [120, 40],
  [200, 50],
] as const;
type Size = (typeof SIZES)[number];
const SERVER = { hostname: 'cloner', programVersion: '0.2.0' };
const NAMES = ['eva', 'tom'].map((name) => ({ name, createdAt: '2026-11-21T07:00:00.000Z' }));

function modelOf(changes: Partial<Model> = {}, [width, height]: Size = SIZES[0]): Model {
  const area = { left: 0, top: 0, width, height };
  return {
    ...newModel({ area, unicode: true, language: 'en', now: 0, operator: 'eva' }),
    connection: { type: 'online', server: SERVER, since: 0 },
    ...changes,
  };
}

function textOf(screen: Screen, model: Model): string {
  return pictureText(viewScreen(screen, model, model.area), model.area, model.unicode).join('\n');
}

function command(screen: Screen, model: Model, name: string): BoundCommand {
  return commandsIn(screen, model).find((each) => each.name === name) ?? assert.fail(name);
}

const SETTINGS: Screen = { name: 'settings', state: { operators: null, selection: TOP } };
const LOG_SCREEN: Screen = { name: 'events', state: { selection: TOP, isOnlyBad: false } };

function settingsWith(model: Model, operators: typeof NAMES): Screen {
  return updateScreen(SETTINGS, answered('operator.list', operators), model).screen;
}

function loginIn(model: Model): Screen {
  return { name: 'login', state: newLogin('', model) };
}

describe('settings', () => {
  const settings = Settings.parse({ automaticRegistration: false, idleMinutes: 30 });

  for (const size of SIZES) {
    test(`settings fit ${size.join('x')}`, () => {
      const model = modelOf({ settings, isLoggedIn: true }, size);
      const text = textOf(settingsWith(model, NAMES), model);
      assert.match(text, /Automatic registration: off {3}Log out after: 30 min {3}2 operators/);
      assert.match(text, /Defaults: zstd {3}Afterwards: restart {3}Wake: on {3}Wait: 24 h/);
      assert.match(text, /eva \(you\) +20\d\d-/);
    });
  }

  test('settings say why a command cannot be given', () => {
    const model = modelOf({ settings });
    const unread = SETTINGS;
    for (const name of ['add', 'password', 'rename', 'delete', 'idle', 'defaults']) {
      assert.equal(command(unread, model, name).disabledReason, 'Reading ...', name);
    }
    const none = settingsWith(model, []);
    assert.equal(command(none, model, 'add').disabledReason, null);
    assert.match(
      reasonIn('en', command(none, model, 'password').disabledReason ?? ''),
      /no operator under the cursor/,
    );
    const last = settingsWith(model, NAMES.slice(0, 1));
    assert.match(
      reasonIn('en', command(last, model, 'delete').disabledReason ?? ''),
      /nobody would be left/,
    );
    assert.equal(command(settingsWith(model, NAMES), model, 'delete').disabledReason, null);
    assert.match(
      reasonIn('en', command(last, model, 'log-out').disabledReason ?? ''),
      /without a login/,
    );
    assert.equal(command(last, { ...model, isLoggedIn: true }, 'log-out').disabledReason, null);
  });
});

describe('the login', () => {
  for (const language of LANGUAGES) {
    for (const size of SIZES) {
      test(`the login fits ${size.join('x')} in ${language}, and says whose server it is`, () => {
        const model = modelOf({ language, connection: { type: 'login', server: SERVER } }, size);
        const text = textOf(loginIn(model), model);
        assert.match(text, /OpenClone (on|auf) cloner/);
        assert.match(text, /: openclone operator add NAME +│/);
      });
    }
  }

  test('the login waits for the server', () => {
    assert.match(
      reasonIn('en', command(loginIn(modelOf()), modelOf(), 'log-in').disabledReason ?? ''),
      /Connecting/,
    );
    const asked = request('logging in', 'operator.login', { name: 'eva', password: '' });
    const pending = [{ ...asked, id: 1, since: 0 }];
    const model = modelOf({ connection: { type: 'login', server: SERVER }, pending });
    assert.match(
      reasonIn('en', command(loginIn(model), model, 'log-in').disabledReason ?? ''),
      /One moment/,
    );
    assert.match(textOf(loginIn(model), model), /One moment/);
  });
});

const SOME = { names: ['pc-1', 'pc-2'], count: 9 };
/** One of every kind. */
const EVENTS: Readonly<Record<LogEvent['type'], LogEvent>> = {
  'server-started': { type: 'server-started', version: '0.2.0' },
  'hosts-registered': { type: 'hosts-registered', hosts: SOME, isPending: false },
  'hosts-added': { type: 'hosts-added', hosts: SOME, by: 'eva' },
  'hosts-approved': { type: 'hosts-approved', hosts: SOME, by: 'eva' },
  'hosts-rejected': { type: 'hosts-rejected', hosts: SOME, by: 'eva' },
  'hosts-deleted': { type: 'hosts-deleted', hosts: SOME, by: null },
  'host-renamed': { type: 'host-renamed', from: 'pc-1', host: 'pc-2', by: 'eva' },
  'hosts-changed': {
    type: 'hosts-changed',
    hosts: SOME,
    by: 'eva',
    changes: [{ field: 'group', to: 'room-1' }, { field: 'ipAddress' }],
  },
  'group-changed': {
    type: 'group-changed',
    change: 'renamed',
    group: 'room-2',
    from: 'room-1',
    by: 'eva',
  },
  'job-changed': {
    type: 'job-changed',
    change: 'renamed',
    job: 'evening',
    from: 'night',
    by: 'eva',
  },
  'job-not-started': {
    type: 'job-not-started',
    job: 'eva 1',
    schedule: 'daily',
    error: 'no such image',
  },
  'job-missed': { type: 'job-missed', job: 'eva 2', schedule: 'daily', times: 3 },
  'other-machine-refused': {
    type: 'other-machine-refused',
    host: 'pc-1',
    address: '10.0.0.9',
    serialNumber: null,
    expected: 'SN1',
  },
  'foreign-adapter': {
    type: 'foreign-adapter',
    host: 'pc-1',
    address: '10.0.0.9',
    hardwareAddress: '52:54:00:00:00:66',
    isRefused: true,
  },
  'routed-machine': { type: 'routed-machine', host: 'pc-1', address: '10.0.0.9' },
  'two-machines': {
    type: 'two-machines',
    host: 'pc-1',
    address: '10.0.0.7',
    refused: '10.0.0.9',
  },
  'machine-accepted': { type: 'machine-accepted', host: 'pc-1', serialNumber: 'SN2', by: 'eva' },
  'task-created': { type: 'task-created', task: verbatim('deploy win11'), by: 'eva' },
  'task-ended': {
    type: 'task-ended',
    task: verbatim('deploy win11'),
    outcome: 'failed',
    runs: 9,
    good: 7,
  },
  'runs-failed': {
    type: 'runs-failed',
    task: verbatim('deploy win11'),
    hosts: SOME,
    error: 'no disk',
  },
  'runs-begun-again': { type: 'runs-begun-again', task: verbatim('deploy win11'), hosts: SOME },
  'sessions-missed': { type: 'sessions-missed', task: verbatim('deploy win11'), hosts: SOME },
  'stranger-in-session': {
    type: 'stranger-in-session',
    task: verbatim('deploy win11'),
    address: '10.0.0.9',
    next: 'unicast',
  },
  'image-captured': { type: 'image-captured', image: 'win11' },
  'image-deleted': { type: 'image-deleted', image: 'win11', by: 'eva' },
  'image-renamed': { type: 'image-renamed', from: 'win11', image: 'neu', by: 'eva' },
  'image-protected': {
    type: 'image-protected',
    image: 'win11',
    isProtected: true,
    by: 'eva',
  },
  'logged-in': { type: 'logged-in', operator: 'eva', from: '10.0.0.1' },
  'login-refused': { type: 'login-refused', name: 'tom', from: null },
  'operator-changed': { type: 'operator-changed', change: 'deleted', operator: 'tom', by: 'eva' },
  'settings-changed': {
    type: 'settings-changed',
    by: 'eva',
    changes: [{ setting: 'idleMinutes', to: '31' }],
  },
};
const LOG = Object.values(EVENTS).map((event, index): LogEntry => ({
  number: index + 1,
  at: '2026-11-21T07:00:00.000Z',
  times: 1,
  event,
}));

describe('the log', () => {
  test('the log has words for every kind of event, which name what it is about', () => {
    for (const language of LANGUAGES) {
      const texts = LOG.map((entry) => logText(entry, { language, status: null }));
      assert.equal(new Set(texts).size, LOG.length);
      for (const text of texts.slice(1)) assert.match(text, /pc-1|win11|eva|tom/, text);
    }
    const failed = LOG.find(({ event }) => event.type === 'runs-failed') ?? assert.fail();
    assert.equal(
      logText(failed, { language: 'en', status: null }),
      'deploy win11: failed on pc-1, pc-2 and 7 more: no disk',
    );
  });

  test("the log says in the operator's language what a setting has become", () => {
    const changes = [
      { setting: 'automaticRegistration', to: 'on' },
      { setting: 'hostLanguage', to: 'de' },
      { setting: 'idleMinutes', to: '31' },
    ] as const;
    const event: LogEvent = { type: 'settings-changed', changes: [...changes], by: 'eva' };
    const entry: LogEntry = { number: 1, at: '2026-11-21T07:00:00.000Z', times: 1, event };
    assert.match(
      logText(entry, { language: 'de', status: null }),
      /automatische Aufnahme: an, Sprache der Rechnerbildschirme: Deutsch, .*: 31/,
    );
  });

  for (const size of SIZES) {
    test(`the log fits ${size.join('x')}, newest first, and marks what wants a look`, () => {
      const model = modelOf({ log: LOG }, size);
      const text = textOf(LOG_SCREEN, model);
      assert.ok(text.indexOf('Settings changed') < text.indexOf('deploy win11: failed on'), text);
      assert.match(text, / ! +deploy win11: failed on pc-1/);
      assert.ok(text.includes(`${LOG.length} entries, newest first`), text);
    });
  }

  test('the log says that nothing is there, or that it is read', () => {
    assert.match(textOf(LOG_SCREEN, modelOf()), /Reading/);
    assert.match(textOf(LOG_SCREEN, modelOf({ log: [] })), /Nothing has happened yet/);
    const onlyBad: Screen = { name: 'events', state: { selection: TOP, isOnlyBad: true } };
    assert.match(textOf(onlyBad, modelOf({ log: [] })), /Nothing went wrong/);
  });

  test('the log cannot be used to write on the terminal', () => {
    const evil: LogEvent = { type: 'logged-in', operator: '\u001b[31m{bold}', from: null };
    const model = modelOf({
      log: [{ number: 1, at: '2026-11-21T07:00:00Z', times: 1, event: evil }],
    });
    assert.ok(!textOf(LOG_SCREEN, model).includes('\u001b'));
  });

  test('the log keeps the newest, and what happens again takes its own place', () => {
    const [first] = LOG;
    assert.ok(first !== undefined);
    const many = Array.from({ length: MAX_LOG_ENTRIES + 5 }, (_, index) => ({
      ...first,
      number: index + 1,
    }));
    const kept = logAfter([], many);
    assert.deepEqual([kept.length, kept[0]?.number], [MAX_LOG_ENTRIES, 6]);
    const last = kept.at(-1) ?? assert.fail();
    const again = logAfter(kept, [{ ...last, times: 2 }]);
    assert.deepEqual([again.length, again.at(-1)?.times], [MAX_LOG_ENTRIES, 2]);
  });
});
