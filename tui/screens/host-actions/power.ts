/** Switching hosts on and off. */

import type { HostView } from '../../../lib/model/host.ts';
import type { ShutdownMode } from '../../../lib/model/operations/shutdown.ts';
import type { Model } from '../../model.ts';
import { unfinishedRuns } from '../../presentation/hosts/host-condition.ts';
import { isRunning } from '../../presentation/hosts/host-filter.ts';
import { hostNames } from '../../presentation/hosts/host-names.ts';
import { refusalForWork } from '../../presentation/hosts/host-work.ts';
import { confirm, followUp, request } from '../../actions.ts';
import type { Action } from '../../screen-states.ts';
import { textsOf } from '../../text/catalogue.ts';
import { idsOf, type HostAction } from './action.ts';

export const WAKE: HostAction = {
  name: 'wake',
  keys: ['w'],
  texts: ({ wake, wakeHelp }) => ({ label: wake, help: wakeHelp }),
  disabledReason: (hosts, model) =>
    hosts.every(isRunning) ? textsOf(model.language).hosts.allOn : null,
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
    request(texts.waking(targets.length), 'host.wake', { targets }, followUp('hosts-woken', {})),
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
    disabledReason: (hosts, model) => {
      const running = hosts.filter(isRunning);
      return running.length === 0 ? textsOf(model.language).hosts.allOff : refusalForWork(running);
    },
    actions: (hosts, model) => {
      const words = textsOf(model.language).hosts;
      const running = hosts.filter(isRunning);
      const { label } = texts(words);
      const working = running.filter(
        ({ id, state }) => state === 'working' || unfinishedRuns(id, model) > 0,
      ).length;
      const ask = confirm(
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
            followUp('shutdown-started', {}),
          ),
        ],
      );
      return [ask];
    },
  };
}
