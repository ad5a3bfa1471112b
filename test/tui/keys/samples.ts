/** A state of every screen and dialog, in the sample room: what the list of all keys is made of. */

import assert from 'node:assert/strict';
import { newModel, type Model } from '../../../tui/model.ts';
import { TOP } from '../../../tui/values/selection.ts';
import { ALL_UNMARKED, NONE_MARKED } from '../../../tui/values/host-list-state.ts';
import type { Action, ScreenName, ScreenOf, ScreenStates } from '../../../tui/screen-states.ts';
import { openAddressRule } from '../../../tui/screens/address-rule.ts';
import { openCaptureOptions } from '../../../tui/screens/capture/options.ts';
import { openDefaults } from '../../../tui/screens/defaults.ts';
import { openDeployOptions } from '../../../tui/screens/deploy/options.ts';
import { addHost, editHost } from '../../../tui/screens/host-form.ts';
import { newLogin } from '../../../tui/screens/login.ts';
import { openNameRule } from '../../../tui/screens/name-rule.ts';
import { openUntil } from '../../../tui/screens/new-task/editor-dialogs.ts';
import { addOperation } from '../../../tui/screens/new-task/operation-dialog.ts';
import { newPlan } from '../../../tui/screens/open.ts';
import { addOperator, changePassword, renameOperator } from '../../../tui/screens/operators.ts';
import { textForm } from '../../../tui/components/form-dialog.ts';
import { Settings } from '../../../lib/model/settings.ts';
import { ROOM_TIME } from '../room-units.ts';
import { sampleRoom } from '../sample-room.ts';

const ROOM = sampleRoom(0.4);
const SETTINGS = Settings.parse({ automaticRegistration: false });

export const MODEL: Model = {
  ...newModel({
    area: { left: 0, top: 0, width: 120, height: 40 },
    unicode: true,
    language: 'en',
    now: Date.parse(ROOM_TIME),
    operator: 'anna',
  }),
  connection: { type: 'online', server: ROOM.status.server, since: Date.parse(ROOM_TIME) },
  status: ROOM.status,
  hosts: ROOM.hosts,
  groups: ROOM.groups,
  images: ROOM.images,
  settings: SETTINGS,
};

const [HOST = assert.fail('a host')] = ROOM.hosts;
const [GROUP = assert.fail('a group')] = ROOM.groups;
const [IMAGE = assert.fail('an image')] = ROOM.images;
const [TASK = assert.fail('a task')] = ROOM.tasks;
const [RUN = assert.fail('a run')] = TASK.runs;
const OPERATOR = { name: 'anna', createdAt: ROOM_TIME };

const read = { task: TASK, hostNames: {} };
const hostIds = [HOST.id];
const disk = { type: 'only' } as const;
const targets = { imageId: IMAGE.id, hostIds };
const edited = {
  plan: {
    ...newPlan(hostIds),
    operations: [{ type: 'shutdown', mode: 'reboot' }] as const,
  },
  selection: TOP,
};

/** What is pushed when the screen is opened. */
function opened<N extends ScreenName>(name: N, action: Action): ScreenStates[N];
function opened(name: ScreenName, action: Action): unknown {
  assert.ok(action.type === 'push' && action.screen.name === name, `${name} is opened`);
  return action.screen.state;
}

export const SAMPLES: { readonly [N in ScreenName]: ScreenOf<N>['state'] } = {
  overview: { selection: TOP },
  hosts: ALL_UNMARKED,
  group: { groupId: GROUP.id, selection: TOP, marked: NONE_MARKED },
  host: { hostId: HOST.id, read: ROOM.tasks, first: 0 },
  groups: { selection: TOP },
  'group-members': { groupId: GROUP.id, changes: { [HOST.id]: false }, selection: TOP },
  images: { selection: TOP },
  image: { imageId: IMAGE.id, details: null, first: 0 },
  tasks: { selection: TOP, read: ROOM.tasks, limit: 40 },
  task: { taskId: TASK.id, read, selection: TOP },
  run: { taskId: TASK.id, runId: RUN.id, read, first: 0 },
  log: { run: RUN, hostName: HOST.name, read: null, first: null },
  session: { taskId: TASK.id, sessionId: null, read, selection: TOP },
  events: { selection: TOP, isOnlyBad: false },
  settings: { operators: [OPERATOR], selection: TOP },
  help: {
    of: 'a screen',
    entries: [{ keys: ['x'], help: 'Does it.', disabledReason: null }],
    first: 0,
  },
  login: newLogin('anna', MODEL),
  'no-server': {},
  'deploy-image': { hostIds: null, selection: TOP },
  'deploy-targets': { ...ALL_UNMARKED, imageId: IMAGE.id },
  'deploy-disk': { targets, selection: TOP },
  'deploy-options': opened('deploy-options', openDeployOptions({ ...targets, disk }, MODEL)),
  'deploy-summary': {
    plan: {
      ...targets,
      disk,
      transport: 'auto',
      chosenGatherMs: null,
      wake: true,
      waitMs: 0,
      afterwards: 'reboot',
    },
    first: 0,
  },
  'capture-host': { selection: TOP },
  'capture-disk': { hostId: HOST.id, selection: TOP },
  'capture-options': opened(
    'capture-options',
    openCaptureOptions({ hostId: HOST.id, disk: '/dev/sda' }, MODEL),
  ),
  'task-hosts': ALL_UNMARKED,
  'task-editor': edited,
  'name-rule': opened('name-rule', openNameRule(hostIds, MODEL)),
  'address-rule': opened('address-rule', openAddressRule(hostIds, MODEL)),
  confirm: { title: 'A question before something is lost', texts: [], label: 'do it', actions: [] },
  message: { title: 'A message', texts: [], style: 'plain' },
  'choose-group': { selection: TOP },
  'to-group': { hostIds, selection: TOP },
  'accept-machine': { hostId: HOST.id, selection: TOP },
  registration: { selection: TOP },
  'group-add': { form: textForm('Name', ''), hostIds: [] },
  'group-rename': { form: textForm('Name', ''), groupId: GROUP.id, name: GROUP.name },
  'image-rename': { form: textForm('Name', ''), imageId: IMAGE.id, name: IMAGE.name },
  'host-add': opened('host-add', addHost(MODEL)),
  'host-edit': opened('host-edit', editHost(HOST, MODEL)),
  'settings-idle': { form: textForm('Minutes', '30') },
  'settings-defaults': opened('settings-defaults', openDefaults(SETTINGS, MODEL)),
  'operator-add': opened('operator-add', addOperator([], MODEL)),
  'operator-password': opened('operator-password', changePassword('anna', true, MODEL)),
  'operator-rename': opened('operator-rename', renameOperator('anna', true, [], MODEL)),
  elsewhere: { form: textForm('Server', '') },
  'task-add': { edited, selection: TOP },
  'task-disk': { edited, selection: TOP },
  'task-until': opened('task-until', openUntil(edited, MODEL)),
  'task-operation': opened('task-operation', addOperation('shutdown', edited, MODEL)),
};
