/** All pictures of docs/screens, in the order of its list. */

import assert from 'node:assert/strict';
import { OperatorError } from '../../../lib/errors.ts';
import type { LogEntry, LogEvent } from '../../../lib/model/log-entry.ts';
import type { Session } from '../../../lib/model/task.ts';
import { OPERATOR_METHODS } from '../../../lib/protocol/operator-api/table.ts';
import type { Driver } from '../driver.ts';
import type { RoomHandlers } from '../in-room.ts';
import { BROKEN_OFF, sampleRoom } from '../sample-room.ts';
import { ROOM_TIME } from '../room-units.ts';
import { SHOT_TIME, type Shot } from './picture.ts';
import { message } from '../../../lib/model/messages/table.ts';

const ROOM = sampleRoom();
const HOST: RoomHandlers = {
  'host.show': ({ host: id }) => {
    const host = ROOM.hosts.find((each) => each.id === id);
    assert.ok(host !== undefined);
    return Promise.resolve(host);
  },
};
const SERVER: RoomHandlers = {
  'operator.list': () =>
    Promise.resolve(
      ['anna', 'jweiss'].map((name) =>
        OPERATOR_METHODS['operator.add'].result.parse({ name, createdAt: ROOM_TIME }),
      ),
    ),
};

const NAME_TAKEN: RoomHandlers = {
  'group.create': ({ name }) =>
    Promise.reject(
      new OperatorError({
        code: 'name-taken',
        message: `naming a group "${name}": another group has that name`,
        hint: 'Choose another name; capitals make no difference.',
      }),
    ),
};

const DEPLOY_WIN11 = message('task.deploy', { image: 'win11', targets: ['room-1'], more: 0 });

const LOG = logOf([
  { type: 'server-started', version: '0.2.0' },
  { type: 'hosts-registered', hosts: { names: ['pc-29', 'pc-30'], count: 2 }, isPending: true },
  { type: 'logged-in', operator: 'anna', from: '10.77.0.99' },
  { type: 'login-refused', name: 'tom', from: '10.77.0.99' },
  {
    type: 'task-created',
    task: message('task.capture', { host: 'pc-07', image: 'win11' }),
    by: 'anna',
  },
  { type: 'image-captured', image: 'win11' },
  {
    type: 'runs-failed',
    task: DEPLOY_WIN11,
    error: 'writing to /dev/sda1',
    hosts: { names: ['pc-04'], count: 1 },
  },
  {
    type: 'task-ended',
    task: DEPLOY_WIN11,
    outcome: 'failed',
    runs: 20,
    good: 19,
  },
]);

/** At the login nothing is known of a server, as at the start. */
async function noRight(driver: Driver, shown: string): Promise<void> {
  const server = { hostname: 'cloner', programVersion: '0.2.0' };
  driver.app.put({ type: 'login-needed', server, now: SHOT_TIME });
  const trouble = { ...BROKEN_OFF, kind: 'not-allowed' } as const;
  driver.app.put({ type: 'lost', trouble, now: SHOT_TIME - 5000 });
  await driver.waitFor(shown);
}

/** The room's transmission, changed. */
function ofSession(driver: Driver, change: Partial<Session>): void {
  const { status } = driver.app.state.model;
  assert.ok(status !== null);
  const sessions = status.sessions.map((session) => ({ ...session, ...change }));
  driver.app.put({ type: 'status', status: { ...status, sessions }, now: SHOT_TIME });
}

const SMALL = { columns: 80, rows: 24 };
const LARGE = { columns: 120, rows: 40 };

export const SHOTS: readonly Shot[] = [
  {
    ...SMALL,
    name: 'overview',
    title: 'The first screen: server, disk space, what runs, what failed, and the way to the rest',
    moves: [/deploy win11/],
  },
  { ...LARGE, name: 'overview-120x40', title: 'The same with more room', moves: [/deploy win11/] },
  {
    ...SMALL,
    name: 'overview-ascii',
    title: 'The same on a terminal that knows ASCII alone (LANG=C)',
    moves: [/deploy win11/],
    unicode: false,
  },
  {
    ...SMALL,
    name: 'overview-german',
    title: 'The same in German (LANG=de_DE.UTF-8)',
    moves: [/win11 verteilen/],
    language: 'de',
  },
  {
    ...SMALL,
    name: 'overview-offline',
    title: 'The connection to the server is lost: the data is old, and says so',
    moves: [/deploy win11/],
    event: async (driver) => {
      driver.app.put({ type: 'lost', trouble: BROKEN_OFF, now: SHOT_TIME - 65_000 });
      await driver.waitFor('No connection');
    },
  },
  {
    ...SMALL,
    name: 'no-server',
    title: 'The first contact of somebody who may not work with this server yet',
    moves: [/deploy win11/],
    event: (driver) => noRight(driver, 'usermod'),
  },
  {
    ...SMALL,
    name: 'no-server-german',
    title: 'The same in German',
    moves: [/win11 verteilen/],
    language: 'de',
    event: (driver) => noRight(driver, 'usermod'),
  },
  {
    ...SMALL,
    name: 'connecting',
    title: 'A server that takes the connection and says nothing, from the first second on',
    moves: [/deploy win11/],
    event: async (driver) => {
      await noRight(driver, 'usermod');
      const place = '/run/openclone/server.sock';
      driver.app.put({ type: 'seeking', place, now: SHOT_TIME - 4000 });
      driver.app.put({ type: 'tick', now: SHOT_TIME });
      await driver.waitFor('No answer for 4 s');
    },
  },
  {
    columns: 64,
    rows: 18,
    name: 'too-small',
    title: 'A terminal that is smaller than 80x24',
    moves: [/deploy win11/],
  },
  { ...SMALL, name: 'group', title: 'The hosts of a group as tiles', moves: ['r', /pc-20/] },
  { ...SMALL, name: 'hosts', title: 'All hosts', moves: ['h', /pc-10/] },
  {
    ...SMALL,
    name: 'hosts-marked',
    title: 'Two marked hosts: what is done now is done to them',
    moves: ['h', /pc-10/, 'end', 'up', 'up', 'up', 'up', 'space', 'space', /2 marked/],
  },
  {
    ...LARGE,
    name: 'host',
    title: 'One host: what it is, its disks to scale, its tasks',
    moves: ['h', /pc-10/, 'enter', /OptiPlex/],
    handlers: HOST,
  },
  {
    ...SMALL,
    name: 'name-rule',
    title: 'Host names by rule: every change is seen before it is made',
    share: null,
    moves: ['h', /pc-10/, 'a', 'u', /pc-0/],
  },
  { ...SMALL, name: 'groups', title: 'The groups', moves: ['g', /3 groups/] },
  {
    ...SMALL,
    name: 'group-members',
    title: 'Who is in a group; changes are saved together',
    moves: ['g', 'enter', /20 in the group/, 'space', 'down', 'space', /2 to go/],
  },
  { ...SMALL, name: 'images', title: 'The images; ♦ is protected', moves: ['i', /4 images/] },
  {
    ...LARGE,
    name: 'image',
    title: 'One image: its disk to scale, and its versions',
    moves: ['i', 'enter', /to scale/],
  },
  {
    ...SMALL,
    name: 'image-delete',
    title: 'Before an image is deleted',
    share: null,
    moves: ['i', 'x', /gone for good/],
  },
  {
    ...SMALL,
    name: 'image-verified',
    title: 'A verification that found damage',
    moves: ['i', 'v', /damaged/],
    handlers: {
      'image.verify': ({ image }) =>
        Promise.resolve([
          {
            imageId: image,
            versionId: 'version-0000000010',
            filesChecked: 5,
            bytesChecked: 42_000_000,
            problems: [{ file: 'p3.partclone.zst', problem: message('file.missing') }],
          },
        ]),
    },
  },
  { ...SMALL, name: 'tasks', title: 'The tasks, newest first', moves: ['t', /3 listed/] },
  {
    ...SMALL,
    name: 'task',
    title: 'One task, host by host; below, why the one under the cursor failed',
    moves: ['t', 'enter', 'down', 'down', 'down', /Replace the disk/],
  },
  {
    ...LARGE,
    name: 'task-120x40',
    title: 'The same with more room',
    moves: ['t', 'enter', 'down', 'down', 'down', /Replace the disk/],
  },
  {
    ...SMALL,
    name: 'task-german',
    title: 'The same in German: what the engine said in English stands below what it means',
    moves: ['t', 'enter', 'down', 'down', 'down', /No space left/],
    language: 'de',
  },
  {
    ...SMALL,
    name: 'run',
    title: 'What one host did, step by step',
    moves: ['t', 'down', 'down', 'enter', 'down', 'down', 'enter', /no room for the backup/],
  },
  {
    ...SMALL,
    name: 'run-german',
    title: 'The same in German, of a host that failed',
    moves: ['t', 'enter', 'down', 'down', 'down', 'enter', /Replace the disk/],
    language: 'de',
  },
  {
    ...SMALL,
    name: 'run-log',
    title: 'What the engine of a host said',
    moves: ['t', 'enter', 'l', /line 59/],
  },
  {
    ...SMALL,
    name: 'task-cancel',
    title: 'Before a task is cancelled',
    moves: ['t', 'c', /18 hosts work/],
  },
  {
    ...SMALL,
    name: 'transmission',
    title: 'A multicast transmission, live',
    moves: ['v', /38\.4 GB/],
  },
  {
    ...LARGE,
    name: 'transmission-120x40',
    title: 'The same with more room',
    moves: ['v', /38\.4 GB/],
  },
  {
    ...SMALL,
    name: 'transmission-german',
    title: 'The same in German',
    moves: ['v', /38,4 GB/],
    language: 'de',
  },
  {
    ...SMALL,
    name: 'transmission-gathers',
    title: 'Before it begins: who is there, and when it begins at the latest',
    moves: ['v', /38\.4 GB/],
    event: async (driver) => {
      const startsAt = new Date(SHOT_TIME + 75_000).toISOString();
      const all = ROOM.status.sessions[0]?.members ?? [];
      const members = all.map((member, index) => ({ ...member, ready: index % 7 !== 2 }));
      ofSession(driver, { state: 'gathering', sentBytes: 0, resentShare: 0, members, startsAt });
      await driver.waitFor('at the latest');
    },
  },
  {
    ...SMALL,
    name: 'transmission-silent',
    title: 'A host that does not answer holds up the others: which one, and when it is dropped',
    moves: ['v', /38\.4 GB/],
    event: async (driver) => {
      const [member] = ROOM.status.sessions[0]?.members ?? [];
      assert.ok(member !== undefined);
      ofSession(driver, {
        bytesPerSecond: 0,
        silent: { runIds: [member.runId], dropsInMs: 14_200 },
      });
      await driver.waitFor('does not answer');
    },
  },
  {
    ...SMALL,
    name: 'deploy-1-image',
    title: 'Deploying: the image',
    share: null,
    moves: ['d', /step 1 of 5/],
  },
  {
    ...SMALL,
    name: 'deploy-2-hosts',
    title: 'Deploying: a group, or marked hosts',
    share: null,
    moves: ['d', /step 1 of 5/, 'enter', /step 2 of 5/],
  },
  {
    ...SMALL,
    name: 'deploy-3-disk',
    title: 'Deploying: the disk; what cannot be taken says why',
    share: null,
    moves: ['d', /step 1 of 5/, 'enter', /step 2 of 5/, 'enter', /step 3 of 5/],
  },
  {
    ...SMALL,
    name: 'deploy-4-way',
    title: 'Deploying: multicast or unicast, waking, and what comes afterwards',
    share: null,
    moves: [
      'd',
      /step 1 of 5/,
      'enter',
      /step 2 of 5/,
      'down',
      'enter',
      /step 3 of 5/,
      'enter',
      /step 4 of 5/,
    ],
  },
  {
    ...SMALL,
    name: 'deploy-5-summary',
    title: 'Deploying: what will be overwritten, host by host',
    share: null,
    moves: [
      'd',
      /step 1 of 5/,
      'enter',
      /step 2 of 5/,
      'down',
      'enter',
      /step 3 of 5/,
      'enter',
      /step 4 of 5/,
      'enter',
      /step 5 of 5/,
    ],
  },
  {
    ...SMALL,
    name: 'capture-1-host',
    title: 'Capturing: the host',
    share: null,
    moves: ['c', /step 1/],
  },
  {
    ...SMALL,
    name: 'capture-2-disk',
    title: 'Capturing: the disk, drawn to scale',
    share: null,
    moves: ['c', /step 1/, 'enter', /Samsung/],
    handlers: HOST,
  },
  {
    ...SMALL,
    name: 'capture-3-name',
    title: 'Capturing: the name of the image, and how it is compressed',
    share: null,
    moves: ['c', /step 1/, 'enter', /Samsung/, 'enter', /Image name/],
    handlers: HOST,
  },
  {
    ...SMALL,
    name: 'new-task',
    title: 'A task that is being put together, and why it cannot start yet',
    share: null,
    moves: [
      't',
      'n',
      /Which hosts/,
      'down',
      'enter',
      /Nothing to do yet/,

      'a',
      /Add an operation/,
      'down',
      'enter',
      /table of an image alone/,
      'enter',
      /like win11/,

      'a',
      /Add an operation/,
      'down',
      'down',
      'enter',
      /Transmission/,
      'enter',
      'enter',
      'enter',
      /win11, automatic/,
      'a',
      /Add an operation/,
      'end',
      'enter',
      /At the end/,
      'enter',
      /switch off/,
    ],
  },
  {
    ...SMALL,
    name: 'new-task-operation',
    title: 'Adding an operation: what cannot be added says why',
    share: null,
    moves: ['t', 'n', /Which hosts/, 'enter', /Nothing to do yet/, 'a', /Add an operation/],
  },
  {
    ...SMALL,
    name: 'settings',
    title: 'What holds for the whole server, and who may work with it',
    moves: ['s', /anna.*20/],
    handlers: SERVER,
  },
  {
    ...SMALL,
    name: 'settings-registration',
    title: 'For how long machines that nobody knows are taken in',
    moves: ['s', /anna.*20/, 'r', /for 30 minutes/],
    handlers: SERVER,
  },
  {
    ...SMALL,
    name: 'log',
    title: 'What happened on the server',
    moves: ['l', /win11/],
    handlers: { 'log.watch': () => Promise.resolve(LOG) },
  },
  {
    ...SMALL,
    name: 'log-german',
    title: 'The same in German',
    moves: ['l', /win11/],
    language: 'de',
    handlers: { 'log.watch': () => Promise.resolve(LOG) },
  },
  {
    ...SMALL,
    name: 'login',
    title: 'The login, over the network or where there are accounts',
    moves: [/deploy win11/],
    event: async (driver) => {
      const server = { hostname: 'cloner', programVersion: '0.2.0' };
      driver.app.put({ type: 'login-needed', server, now: SHOT_TIME });
      await driver.waitFor('Password');
    },
  },
  {
    ...SMALL,
    name: 'help',
    title: 'The keys of a screen, made from its commands',
    moves: ['v', /38\.4 GB/, '?', /Keys:/],
  },
  {
    ...SMALL,
    name: 'refused',
    title: 'What the server refuses is told with cause and hint',
    moves: ['g', 'n', /New group/, 'Labor', 'enter', /Failed/],
    handlers: NAME_TAKEN,
  },
  {
    ...SMALL,
    name: 'refused-german',
    title: 'The same in German, and below it the words of the server',
    moves: ['g', 'n', /Neue Gruppe/, 'Labor', 'enter', /Fehlgeschlagen/],
    language: 'de',
    handlers: NAME_TAKEN,
  },
];

/** Two minutes between two of them. */
function logOf(events: readonly LogEvent[]): LogEntry[] {
  return events.map((event, index) => ({
    number: index + 1,
    at: new Date(Date.parse(ROOM_TIME) + index * 120_000).toISOString(),
    times: 1,
    event,
  }));
}
