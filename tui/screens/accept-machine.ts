/** Taking another machine for a host, out of those that said they were it: which one, and a question before. */

import type { HostView, OtherMachine } from '../../lib/model/host.ts';
import type { Model } from '../model.ts';
import { choiceDialog } from '../components/choice-dialog.ts';
import { confirmDialog } from '../components/confirm-dialog.ts';
import { request } from '../requests.ts';
import type { Action } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** Asks which one when there are several; nothing when there is none. */
export function acceptMachine(host: HostView, model: Model): readonly Action[] {
  const { hosts: texts, events } = textsOf(model.language);
  // The latest of each: one that came from several addresses is the same machine.
  const machines = new Map(
    (host.otherMachines ?? []).map((machine) => [keyOf(machine), machine] as const),
  );
  const [first] = machines.values();
  if (first === undefined) return [];
  if (machines.size === 1) return [question(host, first, model)];
  return [
    {
      type: 'push',
      screen: choiceDialog({
        name: 'accept-machine',
        title: texts.acceptTitle(host.name),
        options: [...machines].map(([value, { serialNumber, address, hardwareAddress }]) => ({
          value,
          label: texts.machineAt(serialNumber ?? events.noSerial, address, hardwareAddress),
          whyNot: null,
        })),
        choose: (value) => {
          const chosen = machines.get(value);
          return chosen === undefined ? [] : [question(host, chosen, model)];
        },
      }),
    },
  ];
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
  return {
    type: 'push',
    screen: confirmDialog(
      texts.acceptTitle(host.name),
      [texts.acceptText(before, serialNumber ?? events.noSerial), texts.acceptRisk],
      texts.accept,
      [
        request(
          texts.accepting(host.name),
          'host.acceptMachine',
          { host: host.id, serialNumber, ...adapter },
          () => [{ type: 'notice', text: texts.accepted(host.name), isBad: false }],
        ),
      ],
    ),
  };
}
