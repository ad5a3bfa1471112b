/** What can be done with hosts, the same in list, room and details: one command a row. */

import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { whyNotWork } from '../../presentation/hosts/host-work.ts';
import { request } from '../../requests.ts';
import { stay, type Command, type Screen } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { addressRuleScreen } from '../address-rule.ts';
import { openCapture } from '../capture/host.ts';
import { openDeploy } from '../deploy/image.ts';
import { idsOf, type HostAction } from './action.ts';
import { TO_GROUP } from './group.ts';
import { POWER_OFF, REBOOT, WAKE } from './power.ts';
import { DELETE } from './removal.ts';
import { nameRuleScreen } from '../name-rule.ts';
import { openNewTask } from '../new-task/hosts.ts';

/** The commands for `chosen`: what is marked, or what the cursor is on; in the order in which it is shown. */
export function hostActions(
  chosen: readonly HostView[],
  model: Model,
  screen: Screen,
): readonly Command[] {
  const texts = textsOf(model.language).hosts;
  return ROWS.map((row) => ({
    name: row.name,
    keys: row.keys,
    ...row.texts(texts),
    whyNot: chosen.length === 0 ? texts.empty : row.whyNot(chosen, model),
    run: () => stay(screen, ...row.actions(chosen, model)),
  }));
}

const always = (): null => null;

const ROWS: readonly HostAction[] = [
  {
    name: 'deploy',
    keys: ['d'],
    texts: ({ deploy, deployHelp }) => ({ label: deploy, help: deployHelp }),
    whyNot: whyNotWork,
    actions: (hosts, model) => openDeploy(model, { hostIds: idsOf(hosts) }),
  },
  {
    name: 'capture',
    keys: ['c'],
    texts: ({ capture, captureHelp }) => ({ label: capture, help: captureHelp }),
    whyNot: (hosts, model) =>
      hosts.length > 1 ? textsOf(model.language).hosts.captureOne : whyNotWork(hosts),
    actions: ([host], model) => (host === undefined ? [] : openCapture(model, host)),
  },
  WAKE,
  REBOOT,
  POWER_OFF,
  TO_GROUP,
  {
    name: 'names',
    keys: ['u'],
    texts: ({ names, namesHelp }) => ({ label: names, help: namesHelp }),
    whyNot: always,
    actions: (hosts, model) => [{ type: 'push', screen: nameRuleScreen(idsOf(hosts), model) }],
  },
  {
    name: 'addresses',
    keys: ['i'],
    texts: ({ addresses, addressesHelp }) => ({ label: addresses, help: addressesHelp }),
    whyNot: always,
    actions: (hosts, model) => [{ type: 'push', screen: addressRuleScreen(idsOf(hosts), model) }],
  },
  {
    name: 'approve',
    keys: ['p'],
    texts: ({ approve, approveHelp }) => ({ label: approve, help: approveHelp }),
    whyNot: (hosts, model) =>
      hosts.some(({ approval }) => approval === 'pending')
        ? null
        : textsOf(model.language).hosts.nonePending,
    actions: (hosts, model) => {
      const texts = textsOf(model.language).hosts;
      const pending = hosts.filter(({ approval }) => approval === 'pending');
      return [
        request(texts.approving(pending.length), 'host.approve', { hosts: idsOf(pending) }, () => [
          { type: 'notice', text: texts.approved(pending.length), isBad: false },
        ]),
      ];
    },
  },
  DELETE,
  {
    name: 'task',
    keys: ['t'],
    texts: ({ task, taskHelp }) => ({ label: task, help: taskHelp }),
    whyNot: whyNotWork,
    actions: (hosts) => openNewTask(idsOf(hosts)),
  },
];
