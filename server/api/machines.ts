/** Operators' call that makes another machine a known host: after a new main board, or a stranger who came first. */

import { OperatorError } from '../../lib/errors.ts';
import { identifyingSerial } from '../../lib/hosts/machine-serial.ts';
import { refusalFor } from '../../lib/rules/capability.ts';
import { MAX_ACCEPTED_ADDRESSES, type Host, type OtherMachine } from '../../lib/model/host.ts';
import type { MacAddress } from '../../lib/model/names.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import type { HOST_METHODS } from '../../lib/protocol/operator-api/hosts.ts';
import { findHost, refuseIf } from '../lookup.ts';
import { hostStateOf, viewHost } from '../views/hosts.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { message } from '../../lib/model/messages/table.ts';

export function machineHandlers(
  context: ApiContext,
): Pick<Handlers<typeof HOST_METHODS, [Caller]>, 'host.acceptMachine'> {
  const { store, connected, otherMachines, log } = context;
  return {
    'host.acceptMachine': async (
      { host: reference, serialNumber: named, hardwareAddress },
      caller,
    ) => {
      const { id, serialNumber } = await caller.store.change((data) => {
        const host = findHost(data.hosts, reference);
        const all = otherMachines.of(host.id) ?? [];
        const others = fromAdapter(host, all, hardwareAddress);
        refuseIf(
          refusalFor('host.acceptMachine', {
            hostState: hostStateOf(context, host.id),
            otherMachines: named === undefined ? others.length : 1,
          }),
          `accepting another machine as ${host.name}`,
        );
        const chosen = identifyingSerial(named === undefined ? onlySerial(host, others) : named);
        acceptSender(host, others, chosen);
        // Who has told nothing of itself yet is expected to tell nothing.
        if (host.systemInfo !== null) {
          host.systemInfo = { ...host.systemInfo, systemSerial: chosen };
        }
        return { id: host.id, serialNumber: chosen };
      });
      otherMachines.forget(id);
      log.info(
        { event: 'machine-accepted', host: id, serialNumber, operator: caller.identity.name },
        'another machine is the host from now on',
      );
      connected.workerOn(id)?.close('end.other-machine');
      return viewHost(context, findHost(store.read().hosts, id));
    },
  };
}

/** Of `others` those that sent from the named adapter. Throws `bad-argument` when none did. */
function fromAdapter(
  { name }: Host,
  others: readonly OtherMachine[],
  named: MacAddress | undefined,
): readonly OtherMachine[] {
  if (named === undefined) return others;
  const found = others.filter(({ hardwareAddress }) => hardwareAddress === named);
  if (found.length > 0) return found;
  throw new OperatorError({
    code: 'bad-argument',
    message: `accepting the network adapter ${named} as ${name}: nothing that says it is ${name} has sent from it lately`,
    hint: `openclone host show ${name} tells which ones have.`,
  });
}

/**
 * The adapter that the chosen machine sent from is the host's from now on, or the network behind a router that it came
 * from. Throws `not-allowed` when several sent from different ones: the serial number does not say which.
 */
function acceptSender(host: Host, others: readonly OtherMachine[], chosen: string | null): void {
  const machines = others.filter(({ serialNumber }) => serialNumber === chosen);
  const adapters = new Set(
    machines.flatMap(({ hardwareAddress }) =>
      hardwareAddress === undefined ? [] : [hardwareAddress],
    ),
  );
  refuseIf(
    adapters.size > 1
      ? message('reason.several-adapters', { adapters: [...adapters].join(', ') })
      : null,
    `accepting another machine as ${host.name}`,
    'Say which one is its own, as it stands on the case or the dock: --adapter MAC.',
  );
  if (machines.some(({ isRouted }) => isRouted === true)) delete host.hasOwnAddress;
  if (adapters.size === 0) return;
  host.acceptedAddresses = [...(host.acceptedAddresses ?? []), ...adapters].slice(
    -MAX_ACCEPTED_ADDRESSES,
  );
}

/** Throws `bad-argument` when it is not clear which machine is meant. */
function onlySerial({ name }: Host, others: readonly OtherMachine[]): string | null {
  const serials = [...new Set(others.map(({ serialNumber }) => serialNumber))];
  const [only] = serials;
  if (only !== undefined && serials.length === 1) return only;
  const list = others.map(({ serialNumber, address }) => `${serialNumber ?? 'none'} at ${address}`);
  throw new OperatorError({
    code: 'bad-argument',
    message: `accepting another machine as ${name}: several have said that they are it (${list.join(', ')})`,
    hint: 'Say which one, by the serial number on its case: --serial NUMBER.',
  });
}
