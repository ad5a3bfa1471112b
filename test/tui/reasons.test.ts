/** Every reason of the model is said in German too. */

import assert from 'node:assert/strict';
import { test } from 'node:test';
import {
  MAX_HOSTS_BY_THEMSELVES,
  MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS,
  MAX_HOSTS_BY_THEMSELVES_PER_HOUR,
  MAX_PENDING_HOSTS,
  MAX_PENDING_HOSTS_PER_ADDRESS,
  whyNot,
} from '../../lib/model/capability.ts';
import { RunId } from '../../lib/model/ids.ts';
import { Hostname, MacAddress, Name } from '../../lib/model/names.ts';
import { newModel } from '../../tui/model.ts';
import { stay, type Screen } from '../../tui/screen.ts';
import { update } from '../../tui/state.ts';
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

/** One for each that lib/model/capability.ts can give. */
const REASONS = [
  whyNot('host.delete', { hostState: 'working', unfinishedRuns: 0, halfWritten: null }),
  whyNot('host.delete', { hostState: 'off', unfinishedRuns: 0, halfWritten: HALF_WRITTEN }),
  whyNot('host.work', { approval: 'pending' }),
  whyNot('host.clear', { halfWritten: null }),
  whyNot('host.acceptMachine', { hostState: 'working', otherMachines: 1 }),
  whyNot('host.acceptMachine', { hostState: 'off', otherMachines: 0 }),
  whyNot('host.register', { ...PENDING, pendingHosts: MAX_PENDING_HOSTS }),
  whyNot('host.register', { ...PENDING, fromThere: MAX_PENDING_HOSTS_PER_ADDRESS }),
  whyNot('host.register', { ...BY_ITSELF, hosts: MAX_HOSTS_BY_THEMSELVES }),
  whyNot('host.register', { ...BY_ITSELF, fromThere: MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS }),
  whyNot('host.register', { ...BY_ITSELF, withinTheHour: MAX_HOSTS_BY_THEMSELVES_PER_HOUR }),
  whyNot('run.cancel', { runState: 'failed', isCutOff: false }),
  whyNot('image.delete', { isProtected: true, unfinishedRuns: 0, cutOffRuns: 0 }),
  whyNot('image.delete', { isProtected: false, unfinishedRuns: 1, cutOffRuns: 0 }),
  whyNot('image.delete', { isProtected: false, unfinishedRuns: 0, cutOffRuns: 1 }),
  whyNot('image.deploy', { versions: 0 }),
  whyNot('image.capture', { isProtected: true, capturesOfThatName: 0 }),
  whyNot('image.capture', { isProtected: false, capturesOfThatName: 1 }),
  whyNot('image.rename', { capturesOfOldName: 0, capturesOfNewName: 1 }),
  whyNot('image.rename', { capturesOfOldName: 1, capturesOfNewName: 0 }),
  whyNot('image.protect', { begunCaptures: 1 }),
  whyNot('group.deploy', { hosts: 0 }),
  whyNot('task.create', { hosts: 0, operations: ['deploy'] }),
  whyNot('task.create', { hosts: 1, operations: [] }),
  whyNot('task.create', { hosts: 1, operations: ['deploy', 'deploy'] }),
  whyNot('task.create', { hosts: 2, operations: ['capture'] }),
  whyNot('task.create', { hosts: 1, operations: ['shutdown', 'deploy'] }),
  whyNot('task.create', { hosts: 1, operations: ['deploy', 'partition'] }),
  whyNot('operator.delete', { operators: 1 }),
];

const BAD_NAMES = ['', 'x'.repeat(65), 'a\u0007', ' x', 'a/b', '-x'];

test('reasons and complaints about names have a German text, with the name before them kept', () => {
  const complaints = [
    ...BAD_NAMES.map((name) => Name.safeParse(name)),
    Hostname.safeParse('a b'),
    MacAddress.safeParse('x'),
  ].map((parsed) => parsed.error?.issues[0]?.message ?? null);
  for (const reason of [...REASONS, ...complaints]) {
    assert.ok(reason !== null);
    const german = reasonIn('de', `pc-07: ${reason}`);
    assert.notEqual(german, `pc-07: ${reason}`);
    assert.ok(german.startsWith('pc-07: '), german);
    assert.equal(reasonIn('en', reason), reason);
  }
});

test('why a connection or a login is over has a German text', () => {
  for (const [english, german] of [
    ['the connection broke off', 'die Verbindung ist abgerissen'],
    ['the other side ended it (1001)', 'die Gegenseite hat sie beendet (1001)'],
    ['logged out after 30 min without a key', 'abgemeldet nach 30 min ohne Taste'],
    ['logged out', 'abgemeldet'],
    ['the account was deleted', 'der Benutzer wurde gelöscht'],
  ] as const) {
    assert.equal(reasonIn('de', english), german);
    assert.equal(reasonIn('en', english), english);
  }
});

test('a disabled command says its reason in the language of the UI', () => {
  const screen: Screen = {
    name: 'test',
    isDialog: false,
    title: () => 'Test',
    commands: () => [
      {
        ...{ name: 'delete', keys: ['x'], label: 'löschen', help: '', run: () => stay(screen) },
        whyNot: whyNot('image.delete', { isProtected: true, unfinishedRuns: 0, cutOffRuns: 0 }),
      },
    ],
    react: () => stay(screen),
    view: () => ({ panels: [], targets: [], caret: null }),
  };
  const model = newModel({
    area: { left: 0, top: 0, width: 80, height: 24 },
    unicode: true,
    language: 'de',
    now: 0,
    operator: 'anna',
  });
  const pressed = { type: 'key', key: { name: 'x', text: 'x' } } as const;
  const { state } = update({ model, screens: [screen] }, pressed);
  assert.equal(state.model.notice?.text, 'löschen: das Abbild ist geschützt: zuerst freigeben');
});
