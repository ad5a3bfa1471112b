/** Switching hosts on and off. */

import type { HostView } from '../../../lib/model/host.ts';
import type { ShutdownMode } from '../../../lib/model/operations/shutdown.ts';
import type { Model } from '../../model.ts';
import { confirmDialog } from '../../components/confirm-dialog.ts';
import { unfinishedRuns } from '../../presentation/hosts/host-condition.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import { hostNames } from '../../presentation/hosts/host-names.ts';
import { whyNotWork } from '../../presentation/hosts/host-work.ts';
import { taskTitle } from '../../presentation/tasks/task-title.ts';
import { request } from '../../requests.ts';
import type { Action } from '../../screen.ts';
import { textsOf } from '../../text/catalogue.ts';
import { idsOf, type HostAction } from './action.ts';

export const WAKE: HostAction = {
  name: 'wake',
  keys: ['w'],
  texts: ({ wake, wakeHelp }) => ({ label: wake, help: wakeHelp }),
  whyNot: (hosts, model) => (hosts.every(isRunning) ? textsOf(model.language).hosts.allOn : null),
  actions: wakeActions,
};

export const REBOOT = shutdown('reboot', ['b'], ({ reboot, rebootHelp }) => ({
  label: reboot,
  help: rebootHelp,
}));

export const POWER_OFF = shutdown('power-off', ['o'], ({ powerOff, powerOffHelp }) => ({
  label: powerOff,
  help: powerOffHelp,
}));

function wakeActions(hosts: readonly HostView[], model: Model): readonly Action[] {
  const texts = textsOf(model.language).hosts;
  const targets = idsOf(hosts.filter((host) => !isRunning(host)));
  return [
    request(texts.waking(targets.length), 'host.wake', { targets }, ({ waking }) => [
      { type: 'notice', text: texts.woken(waking.length), isBad: false },
    ]),
  ];
}

function shutdown(
  mode: Exclude<ShutdownMode, 'exit'>,
  keys: readonly string[],
  texts: HostAction['texts'],
): HostAction {
  return {
    name: mode,
    keys,
    texts,
    whyNot: (hosts, model) => {
      const running = hosts.filter(isRunning);
      return running.length === 0 ? textsOf(model.language).hosts.allOff : whyNotWork(running);
    },
    actions: (hosts, model) => {
      const words = textsOf(model.language).hosts;
      const running = hosts.filter(isRunning);
      const { label } = texts(words);
      const working = running.filter(
        ({ id, state }) => state === 'working' || unfinishedRuns(id, model) > 0,
      ).length;
      const ask = confirmDialog(
        words.shutdownTitle(label, running.length),
        [
          hostNames(running, model),
          ...(working === 0 ? [] : [words.shutdownWorking(working)]),
          ...(running.length === hosts.length
            ? []
            : [words.shutdownOff(hosts.length - running.length)]),
        ],
        label,
        [
          request(
            words.shuttingDown(label, running.length),
            'task.create',
            { targets: idsOf(running), operations: [{ type: 'shutdown', mode }] },
            (task) => [
              { type: 'notice', text: words.taskMade(taskTitle(task, model)), isBad: false },
            ],
          ),
        ],
      );
      return [{ type: 'push', screen: ask }];
    },
  };
}
