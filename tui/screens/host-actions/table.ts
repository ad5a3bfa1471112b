/** What can be done with hosts, the same in list, tiles and details: one command a row. */

import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { refusalForWork } from '../../presentation/hosts/host-work.ts';
import { notice, request } from '../../actions.ts';
import { perform, type Command } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { openAddressRule } from '../address-rule.ts';
import { openCapture, openDeploy, openNewTask } from '../open.ts';
import { idsOf, type HostAction } from './action.ts';
import { MOVE_TO_GROUP } from './group.ts';
import { POWER_OFF, REBOOT, WAKE } from './power.ts';
import { DELETE } from './removal.ts';
import { openNameRule } from '../name-rule.ts';

/** The commands for `chosen`: what is marked, or what the cursor is on; in the order in which it is shown. */
export function hostActions(chosen: readonly HostView[], model: Model): readonly Command[] {
  const texts = textsOf(model.language).hosts;
  return ROWS.map((row) => ({
    name: row.name,
    keys: row.keys,
    ...row.texts(texts),
    disabledReason: chosen.length === 0 ? texts.empty : row.disabledReason(chosen, model),
    run: () => perform(...row.actions(chosen, model)),
  }));
}

const always = (): null => null;

const ROWS: readonly HostAction[] = [
  {
    name: 'deploy',
    keys: ['d'],
    texts: ({ deploy, deployHelp }) => ({ label: deploy, help: deployHelp }),
    disabledReason: refusalForWork,
    actions: (hosts) => openDeploy({ hostIds: idsOf(hosts) }),
  },
  {
    name: 'capture',
    keys: ['c'],
    texts: ({ capture, captureHelp }) => ({ label: capture, help: captureHelp }),
    disabledReason: (hosts, model) =>
      hosts.length > 1 ? textsOf(model.language).hosts.captureOne : refusalForWork(hosts),
    actions: ([host], model) => (host === undefined ? [] : openCapture(model, host)),
  },
  WAKE,
  REBOOT,
  POWER_OFF,
  MOVE_TO_GROUP,
  {
    name: 'names',
    keys: ['u'],
    texts: ({ names, namesHelp }) => ({ label: names, help: namesHelp }),
    disabledReason: always,
    actions: (hosts, model) => [openNameRule(idsOf(hosts), model)],
  },
  {
    name: 'addresses',
    keys: ['i'],
    texts: ({ addresses, addressesHelp }) => ({ label: addresses, help: addressesHelp }),
    disabledReason: always,
    actions: (hosts, model) => [openAddressRule(idsOf(hosts), model)],
  },
  {
    name: 'approve',
    keys: ['p'],
    texts: ({ approve, approveHelp }) => ({ label: approve, help: approveHelp }),
    disabledReason: (hosts, model) =>
      hosts.some(({ approval }) => approval === 'pending')
        ? null
        : textsOf(model.language).hosts.nonePending,
    actions: (hosts, model) => {
      const texts = textsOf(model.language).hosts;
      const pending = hosts.filter(({ approval }) => approval === 'pending');
      return [
        request(texts.approving(pending.length), 'host.approve', { hosts: idsOf(pending) }, [
          notice(texts.approved(pending.length)),
        ]),
      ];
    },
  },
  DELETE,
  {
    name: 'task',
    keys: ['t'],
    texts: ({ task, taskHelp }) => ({ label: task, help: taskHelp }),
    disabledReason: refusalForWork,
    actions: (hosts) => openNewTask(idsOf(hosts)),
  },
];
