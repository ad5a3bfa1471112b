/** All screens and dialogs by name; a name that is missing here does not compile. */

import { CONFIRM } from '../components/confirm-dialog.ts';
import { MESSAGE } from '../components/message-dialog.ts';
import type { ScreenEvent } from '../events.ts';
import type { Model } from '../model.ts';
import type { Area, Picture } from '../picture.ts';
import type { KeyEntry, Reaction, ScreenKind } from '../screen.ts';
import { ACCEPT_MACHINE } from './accept-machine.ts';
import { ADDRESS_RULE } from './address-rule.ts';
import { CAPTURE_DISK } from './capture/disk.ts';
import { CAPTURE_HOST } from './capture/host.ts';
import { CAPTURE_OPTIONS } from './capture/options.ts';
import { CHOOSE_GROUP } from './choose-group.ts';
import { DEFAULTS } from './defaults.ts';
import { DEPLOY_DISK } from './deploy/disk.ts';
import { DEPLOY_IMAGE } from './deploy/image.ts';
import { DEPLOY_OPTIONS } from './deploy/options.ts';
import { DEPLOY_SUMMARY } from './deploy/summary.ts';
import { DEPLOY_TARGETS } from './deploy/targets.ts';
import { ELSEWHERE } from './elsewhere.ts';
import { EVENTS } from './events.ts';
import { GROUP_ADD, GROUP_RENAME } from './group-dialogs.ts';
import { GROUP_MEMBERS } from './group-members.ts';
import { GROUP } from './group.ts';
import { GROUPS } from './groups.ts';
import { HELP } from './help.ts';
import { TO_GROUP } from './to-group.ts';
import { HOST_ADD, HOST_EDIT } from './host-form.ts';
import { HOST } from './host.ts';
import { HOSTS } from './hosts.ts';
import { IMAGE_RENAME } from './image-rename.ts';
import { IMAGE } from './image.ts';
import { IMAGES } from './images.ts';
import { LOG } from './log.ts';
import { LOGIN } from './login.ts';
import { NAME_RULE } from './name-rule.ts';
import { TASK_EDITOR } from './new-task/editor.ts';
import { TASK_ADD, TASK_DISK, TASK_UNTIL } from './new-task/editor-dialogs.ts';
import { TASK_HOSTS } from './new-task/hosts.ts';
import { TASK_OPERATION } from './new-task/operation-dialog.ts';
import { NO_SERVER } from './no-server.ts';
import { OPERATOR_ADD, OPERATOR_PASSWORD, OPERATOR_RENAME } from './operators.ts';
import { OVERVIEW } from './overview.ts';
import { REGISTRATION } from './registration.ts';
import { RUN } from './run.ts';
import { SESSION } from './session.ts';
import { IDLE } from './idle.ts';
import { SETTINGS } from './settings.ts';
import type { Action, Screen, ScreenName, ScreenOf, ScreenStates } from '../screen-states.ts';
import { TASK } from './task.ts';
import { TASKS } from './tasks.ts';

export const SCREENS: { readonly [N in ScreenName]: ScreenKind<ScreenStates[N]> } = {
  overview: OVERVIEW,
  hosts: HOSTS,
  group: GROUP,
  host: HOST,
  groups: GROUPS,
  'group-members': GROUP_MEMBERS,
  images: IMAGES,
  image: IMAGE,
  tasks: TASKS,
  task: TASK,
  run: RUN,
  log: LOG,
  session: SESSION,
  events: EVENTS,
  settings: SETTINGS,
  help: HELP,
  login: LOGIN,
  'no-server': NO_SERVER,
  'deploy-image': DEPLOY_IMAGE,
  'deploy-targets': DEPLOY_TARGETS,
  'deploy-disk': DEPLOY_DISK,
  'deploy-options': DEPLOY_OPTIONS,
  'deploy-summary': DEPLOY_SUMMARY,
  'capture-host': CAPTURE_HOST,
  'capture-disk': CAPTURE_DISK,
  'capture-options': CAPTURE_OPTIONS,
  'task-hosts': TASK_HOSTS,
  'task-editor': TASK_EDITOR,
  'name-rule': NAME_RULE,
  'address-rule': ADDRESS_RULE,
  confirm: CONFIRM,
  message: MESSAGE,
  'choose-group': CHOOSE_GROUP,
  'to-group': TO_GROUP,
  'accept-machine': ACCEPT_MACHINE,
  registration: REGISTRATION,
  'group-add': GROUP_ADD,
  'group-rename': GROUP_RENAME,
  'image-rename': IMAGE_RENAME,
  'host-add': HOST_ADD,
  'host-edit': HOST_EDIT,
  'settings-idle': IDLE,
  'settings-defaults': DEFAULTS,
  'operator-add': OPERATOR_ADD,
  'operator-password': OPERATOR_PASSWORD,
  'operator-rename': OPERATOR_RENAME,
  elsewhere: ELSEWHERE,
  'task-add': TASK_ADD,
  'task-disk': TASK_DISK,
  'task-until': TASK_UNTIL,
  'task-operation': TASK_OPERATION,
};

/** A screen after an event or a command, and what is to be done. */
export type Outcome = { readonly screen: Screen; readonly actions: readonly Action[] };

export function titleOf<N extends ScreenName>({ name, state }: ScreenOf<N>, model: Model): string {
  return SCREENS[name].title(state, model);
}

/** The commands of the screen itself. */
export function commandsIn<N extends ScreenName>(
  screen: ScreenOf<N>,
  model: Model,
): readonly (KeyEntry & { readonly run: () => Outcome })[] {
  return SCREENS[screen.name]
    .commands(screen.state, model)
    .map((command) => ({ ...command, run: () => outcome(screen, command.run()) }));
}

export function updateScreen<N extends ScreenName>(
  screen: ScreenOf<N>,
  event: ScreenEvent,
  model: Model,
): Outcome {
  return outcome(screen, SCREENS[screen.name].update(screen.state, event, model));
}

export function viewScreen<N extends ScreenName>(
  { name, state }: ScreenOf<N>,
  model: Model,
  area: Area,
): Picture {
  return SCREENS[name].view(state, model, area);
}

/** A dialog leaves the screen below visible. */
export function isDialog({ name }: Pick<Screen, 'name'>): boolean {
  return SCREENS[name].isDialog === true;
}

/** Whether typed letters belong to a text field. */
export function isTyping<N extends ScreenName>({ name, state }: ScreenOf<N>): boolean {
  return SCREENS[name].isTyping?.(state) ?? false;
}

function outcome<N extends ScreenName>(
  screen: ScreenOf<N>,
  reaction: Reaction<ScreenStates[N]>,
): Outcome;
function outcome(
  screen: Screen,
  { state, actions }: Reaction<unknown>,
): { readonly screen: unknown; readonly actions: readonly Action[] } {
  return { screen: state === undefined ? screen : { ...screen, state }, actions };
}
