/** How many hosts an address may make known: whoever can reach the server can register hosts that do not exist. */

import { whyNot } from '../lib/model/capability.ts';
import type { Host } from '../lib/model/host.ts';
import type { HostId } from '../lib/model/ids.ts';
import { refuseUnless } from './lookup.ts';

/** Since the server was started: what is in the store is limited as a whole. */
export class Registrations {
  readonly #byAddress = new Map<string, Set<HostId>>();

  /** Throws `not-allowed` when no host can be taken in as `approval` from `address` now. */
  check(hosts: readonly Host[], approval: Host['approval'], address: string, doing: string): void {
    const isPending = approval === 'pending';
    const own = this.#byAddress.get(address) ?? new Set();
    const pending = hosts.filter((host) => host.approval === 'pending');
    refuseUnless(
      whyNot('host.register', {
        approval,
        hosts: hosts.length,
        pendingHosts: pending.length,
        fromThere: (isPending ? pending : hosts).filter(({ id }) => own.has(id)).length,
      }),
      doing,
    );
  }

  note(hostId: HostId, address: string): void {
    const own = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, own.add(hostId));
  }
}
