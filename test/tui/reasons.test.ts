/** Every reason is said in German too. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MAX_HOSTS_BY_THEMSELVES,
  MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS,
  MAX_HOSTS_BY_THEMSELVES_PER_HOUR,
  MAX_PENDING_HOSTS,
  MAX_PENDING_HOSTS_PER_ADDRESS,
  refusalFor,
} from '../../lib/rules/capability.ts';
import { RunId } from '../../lib/model/ids.ts';
import { render } from '../../lib/messages/render.ts';
import { message, verbatim } from '../../lib/model/messages/table.ts';
import { Hostname, MacAddress, Name } from '../../lib/model/names.ts';
import { checkWith } from '../../tui/components/text-checks.ts';
import { FIRST_SCREEN } from '../../tui/screens/open.ts';
import { newModel } from '../../tui/model.ts';
import { screenOf } from '../../tui/actions.ts';
import { TOP } from '../../tui/values/selection.ts';
import { newState } from '../../tui/state.ts';
import { update } from '../../tui/update.ts';
import { sampleRoom } from './sample-room.ts';
import { reasonIn } from '../../tui/text/reasons.ts';

const HALF_WRITTEN = {
  runId: RunId.parse('run-0000000001'),
  disk: '/dev/sda',
  since: '2026-11-21T10:00:00.000Z',
};

const PENDING = {
  approval: 'pending',
  hosts: 0,
  pendingHosts: 0,
  fromThere: 0,
  withinTheHour: 0,
} as const;
const BY_ITSELF = { ...PENDING, approval: 'approved' } as const;

/** One for each that lib/rules/capability.ts can give. */
const REASONS = [
  refusalFor('host.delete', { hostState: 'working', unfinishedRuns: 0, halfWritten: null }),
  refusalFor('host.delete', { hostState: 'off', unfinishedRuns: 0, halfWritten: HALF_WRITTEN }),
  refusalFor('host.work', { approval: 'pending' }),
  refusalFor('host.clear', { halfWritten: null }),
  refusalFor('host.acceptMachine', { hostState: 'working', otherMachines: 1 }),
  refusalFor('host.acceptMachine', { hostState: 'off', otherMachines: 0 }),
  refusalFor('host.register', { ...PENDING, pendingHosts: MAX_PENDING_HOSTS }),
  refusalFor('host.register', { ...PENDING, fromThere: MAX_PENDING_HOSTS_PER_ADDRESS }),
  refusalFor('host.register', { ...BY_ITSELF, hosts: MAX_HOSTS_BY_THEMSELVES }),
  refusalFor('host.register', { ...BY_ITSELF, fromThere: MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS }),
  refusalFor('host.register', { ...BY_ITSELF, withinTheHour: MAX_HOSTS_BY_THEMSELVES_PER_HOUR }),
  refusalFor('run.cancel', { runState: 'failed', isRecentlyInterrupted: false }),
  refusalFor('image.delete', { isProtected: true, unfinishedRuns: 0, cutOffRuns: 0 }),
  refusalFor('image.delete', { isProtected: false, unfinishedRuns: 1, cutOffRuns: 0 }),
  refusalFor('image.delete', { isProtected: false, unfinishedRuns: 0, cutOffRuns: 1 }),
  refusalFor('image.deploy', { versions: 0 }),
  refusalFor('image.capture', { isProtected: true, capturesOfThatName: 0 }),
  refusalFor('image.capture', { isProtected: false, capturesOfThatName: 1 }),
  refusalFor('image.rename', { capturesOfOldName: 0, capturesOfNewName: 1 }),
  refusalFor('image.rename', { capturesOfOldName: 1, capturesOfNewName: 0 }),
  refusalFor('image.protect', { begunCaptures: 1 }),
  refusalFor('group.deploy', { hosts: 0 }),
  refusalFor('task.create', { hosts: 0, operations: ['deploy'] }),
  refusalFor('task.create', { hosts: 1, operations: [] }),
  refusalFor('task.create', { hosts: 1, operations: ['deploy', 'deploy'] }),
  refusalFor('task.create', { hosts: 2, operations: ['capture'] }),
  refusalFor('task.create', { hosts: 1, operations: ['shutdown', 'deploy'] }),
  refusalFor('task.create', { hosts: 1, operations: ['deploy', 'partition'] }),
  refusalFor('operator.delete', { operators: 1 }),
];

const BAD_NAMES = ['', 'x'.repeat(65), 'a\u0007', ' x', 'a/b', '-x'];

test('every refusal of the rules has a text in each language', () => {
  for (const reason of REASONS) {
    assert.ok(reason !== null);
    const english = reasonIn('en', { host: 'pc-07', reason });
    const german = reasonIn('de', { host: 'pc-07', reason });
    assert.match(english, /^pc-07: ./);
    assert.match(german, /^pc-07: ./);
    assert.notEqual(english, german);
  }
});

test('what is wrong with a name or an address is a message, which the UI says in its language', () => {
  const complaints = [
    ...BAD_NAMES.map((name) => checkWith(Name, name)),
    checkWith(Hostname, 'a b'),
    checkWith(MacAddress, 'x'),
  ];
  for (const complaint of complaints) {
    assert.ok(complaint !== null && typeof complaint !== 'string');
    assert.notEqual(reasonIn('de', complaint), reasonIn('en', complaint));
  }
  assert.equal(new Set(complaints.map((each) => JSON.stringify(each))).size, complaints.length);
});

for (const [why, comesBack] of [
  [message('login.idle', { minutes: 30 }), true],
  [message('login.password-changed'), false],
  // An older server says no more.
  [verbatim('logged out after 30 min without a key'), false],
] as const) {
  test(`a login that ends by ${why.id} is told in the language of the UI, and its screens ${comesBack ? 'wait' : 'go'}`, () => {
    const model = {
      ...newModel({
        area: { left: 0, top: 0, width: 80, height: 24 },
        unicode: true,
        language: 'de',
        now: 0,
        operator: 'anna',
      }),
      isLoggedIn: true,
    };
    const opened = newState(model, [FIRST_SCREEN, screenOf('images', { selection: TOP })]);
    const { state } = update(opened, { type: 'logged-out', why });
    assert.equal(state.model.notice?.text, render('de', why));
    assert.equal(state.kept !== null, comesBack);
  });
}

test('a disabled command says its reason in the language of the UI', () => {
  const model = {
    ...newModel({
      area: { left: 0, top: 0, width: 80, height: 24 },
      unicode: true,
      language: 'de',
      now: 0,
      operator: 'anna',
    }),
    images: sampleRoom(null).images.map((image) => ({ ...image, isProtected: true })),
  };
  const pressed = { type: 'key', key: { name: 'x', text: 'x' } } as const;
  const images = screenOf('images', { selection: TOP });
  const { state } = update(newState(model, [images]), pressed);
  assert.equal(state.model.notice?.text, 'löschen: das Abbild ist geschützt: zuerst freigeben');
});
