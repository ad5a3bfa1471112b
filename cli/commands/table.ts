/** All commands, in the order of the help. */

import type { Command } from '../command.ts';
import { bootMedia } from './boot-media.ts';
import { bootRefresh } from './boot-refresh.ts';
import { capture } from './capture.ts';
import { deploy } from './deploy.ts';
import { doctor } from './doctor.ts';
import { groupCreate } from './group-create.ts';
import { groupDelete } from './group-delete.ts';
import { groupEdit } from './group-edit.ts';
import { groupList } from './group-list.ts';
import { groupShow } from './group-show.ts';
import { help } from './help.ts';
import { hostAcceptMachine } from './host-accept-machine.ts';
import { hostAdd } from './host-add.ts';
import { hostApprove } from './host-approve.ts';
import { hostClear } from './host-clear.ts';
import { hostDelete } from './host-delete.ts';
import { hostEdit } from './host-edit.ts';
import { hostList } from './host-list.ts';
import { hostShow } from './host-show.ts';
import { hostWake } from './host-wake.ts';
import { imageDelete } from './image-delete.ts';
import { imageList } from './image-list.ts';
import { imageProtect } from './image-protect.ts';
import { imageRename } from './image-rename.ts';
import { imageShow } from './image-show.ts';
import { imageUnprotect } from './image-unprotect.ts';
import { imageVerify } from './image-verify.ts';
import { operatorAdd } from './operator-add.ts';
import { operatorDelete } from './operator-delete.ts';
import { operatorList } from './operator-list.ts';
import { operatorPassword } from './operator-password.ts';
import { partition } from './partition.ts';
import { rootfs } from './rootfs.ts';
import { server } from './server.ts';
import { sessionStart } from './session-start.ts';
import { settings } from './settings.ts';
import { shutdown } from './shutdown.ts';
import { status } from './status.ts';
import { taskCancel } from './task-cancel.ts';
import { taskList } from './task-list.ts';
import { taskLog } from './task-log.ts';
import { taskShow } from './task-show.ts';
import { tui } from './tui.ts';

export const COMMANDS: readonly Command[] = [
  capture,
  deploy,
  partition,
  shutdown,
  status,
  hostList,
  hostShow,
  hostAdd,
  hostApprove,
  hostEdit,
  hostClear,
  hostWake,
  hostAcceptMachine,
  hostDelete,
  groupList,
  groupShow,
  groupCreate,
  groupEdit,
  groupDelete,
  imageList,
  imageShow,
  imageVerify,
  imageRename,
  imageProtect,
  imageUnprotect,
  imageDelete,
  taskList,
  taskShow,
  taskLog,
  taskCancel,
  sessionStart,
  operatorList,
  operatorAdd,
  operatorPassword,
  operatorDelete,
  bootMedia,
  settings,
  bootRefresh,
  doctor,
  tui,
  rootfs,
  server,
  help,
];

/** What the help says of the first words that several commands share. */
export const COMMAND_GROUPS: Readonly<Record<string, string>> = {
  host: 'list, show, add, approve, edit, wake and delete hosts',
  group: 'list, show, make, edit and delete groups of hosts',
  image: 'list, show, verify, rename, protect and delete images',
  task: 'list, show and cancel tasks, and read their logs',
  session: 'act on multicast sessions',
  operator: 'list, add and delete operators, and set their passwords',
  boot: 'what hosts boot from the network',
};
