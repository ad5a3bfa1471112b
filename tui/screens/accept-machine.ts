/** Taking another machine for a host, out of those that said they were it: which one, and a question before. */

import type { HostView } from '../../lib/model/host.ts';
import type { Model } from '../model.ts';
import { choiceDialog } from '../parts/choice-dialog.ts';
import { confirmDialog } from '../parts/confirm-dialog.ts';
import { request } from '../requests.ts';
import type { Action } from '../screen.ts';
import { textsOf } from '../text/catalogue.ts';

/** What a machine that tells no serial number is called among the choices. */
const NO_SERIAL = '';

/** Asks which one when there are several; nothing when there is none. */
export function acceptMachine(host: HostView, model: Model): readonly Action[] {
  const { hosts: texts, events } = textsOf(model.language);
  const { otherMachines = [] } = host;
  const choices = new Map(
    otherMachines.map(({ serialNumber, address }) => [
      serialNumber ?? NO_SERIAL,
      texts.machineAt(serialNumber ?? events.noSerial, address),
    ]),
  );
  const [first] = choices.keys();
  if (first === undefined) return [];
  if (choices.size === 1) return [question(host, first, model)];
  return [
    {
      type: 'push',
      screen: choiceDialog({
        name: 'accept-machine',
        title: texts.acceptTitle(host.name),
        options: [...choices].map(([value, label]) => ({ value, label, whyNot: null })),
        choose: (value) => [question(host, value, model)],
      }),
    },
  ];
}

function question(host: HostView, chosen: string, model: Model): Action {
  const { hosts: texts, events } = textsOf(model.language);
  const serialNumber = chosen === NO_SERIAL ? null : chosen;
  const before = host.systemInfo?.systemSerial ?? events.noSerial;
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
          { host: host.id, serialNumber },
          () => [{ type: 'notice', text: texts.accepted(host.name), isBad: false }],
        ),
      ],
    ),
  };
}
