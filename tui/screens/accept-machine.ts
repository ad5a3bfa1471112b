/** Taking another machine for a host, out of those that said they were it: which one, and a question before. */

import type { HostView, OtherMachine } from '../../lib/model/host.ts';
import { confirm, notice, push, request } from '../actions.ts';
import { choiceDialog } from '../components/choice-dialog.ts';
import { TOP } from '../values/selection.ts';
import type { Model } from '../model.ts';
import { wholeHost } from '../presentation/hosts/chosen-hosts.ts';
import { textsOf } from '../text/catalogue.ts';
import type { Action, ScreenStates } from '../screen-states.ts';

export const ACCEPT_MACHINE = choiceDialog<ScreenStates['accept-machine']>({
  list: 'accept-machine',
  title: ({ hostId }, model) =>
    textsOf(model.language).hosts.acceptTitle(wholeHost(hostId, model)?.host.name ?? ''),
  options: ({ hostId }, model) => {
    const { hosts: texts, events } = textsOf(model.language);
    const host = wholeHost(hostId, model)?.host;
    return [...machinesOf(host)].map(([value, { serialNumber, address, hardwareAddress }]) => ({
      value,
      label: texts.machineAt(serialNumber ?? events.noSerial, address, hardwareAddress),
      disabledReason: null,
    }));
  },
  choose: (value, { hostId }, model) => {
    const host = wholeHost(hostId, model)?.host;
    const chosen = machinesOf(host).get(value);
    return host === undefined || chosen === undefined ? [] : [question(host, chosen, model)];
  },
});

/** Asks which one when there are several; nothing when there is none. */
export function acceptMachine(host: HostView, model: Model): readonly Action[] {
  const machines = machinesOf(host);
  const [first] = machines.values();
  if (first === undefined) return [];
  if (machines.size === 1) return [question(host, first, model)];
  return [push('accept-machine', { hostId: host.id, selection: TOP })];
}

/** The latest of each: one that came from several addresses is the same machine. */
function machinesOf(host: HostView | undefined): ReadonlyMap<string, OtherMachine> {
  return new Map((host?.otherMachines ?? []).map((machine) => [keyOf(machine), machine] as const));
}

/** A machine is known by its serial number and the network adapter that it sent from. */
function keyOf({ serialNumber, hardwareAddress }: OtherMachine): string {
  return JSON.stringify([serialNumber, hardwareAddress ?? null]);
}

function question(
  host: HostView,
  { serialNumber, hardwareAddress }: OtherMachine,
  model: Model,
): Action {
  const { hosts: texts, events } = textsOf(model.language);
  const before = host.systemInfo?.systemSerial ?? events.noSerial;
  const adapter = hardwareAddress === undefined ? {} : { hardwareAddress };
  const params = { host: host.id, serialNumber, ...adapter };
  return confirm(
    texts.acceptTitle(host.name),
    [texts.acceptText(before, serialNumber ?? events.noSerial), texts.acceptRisk],
    texts.accept,
    [
      request(texts.accepting(host.name), 'host.acceptMachine', params, [
        notice(texts.accepted(host.name)),
      ]),
    ],
  );
}
