/** Limits how many hosts may register: anybody who can reach the server can register hosts that do not exist. */

import { refusalFor } from '../../lib/rules/capability.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import { isRegistrationOpen } from '../../lib/rules/registration.ts';
import { refuseIf } from '../lookup.ts';
import type { StoreData } from '../store/schema.ts';
import type { Store } from '../store/store.ts';
import { TokenBuckets, type BucketSize } from '../net/token-buckets.ts';
import { message } from '../../lib/model/messages/table.ts';

const HOUR_MS = 3_600_000;

/** Each logon is written to the store. Of hosts that wait for approval, by address, and of all addresses. */
const PENDING_LOGONS_OF_ADDRESS: BucketSize = { burst: 16, refillMs: 1000 };
const PENDING_LOGONS: BucketSize = { burst: 128, refillMs: 50 };
/**
 * Of one approved host from one address: it logs on again when its work has changed what it has. Who claims to be it from
 * elsewhere does not use up what it has.
 */
const LOGONS_OF_HOST: BucketSize = { burst: 32, refillMs: 500 };

/** Since the server was started: what is in the store is limited as a whole. */
export class Registrations {
  readonly #byAddress = new Map<string, Set<HostId>>();
  readonly #clock: () => number;
  readonly #pendingOfAddress: TokenBuckets;
  readonly #pending: TokenBuckets;
  readonly #ofHost: TokenBuckets;
  /** When hosts were approved automatically, the oldest first: at most MAX_HOSTS_BY_THEMSELVES_PER_HOUR. */
  #takenIn: number[] = [];

  /** `clock`: milliseconds, never set back. */
  constructor(clock = (): number => performance.now()) {
    this.#clock = clock;
    this.#pendingOfAddress = new TokenBuckets(PENDING_LOGONS_OF_ADDRESS, clock);
    this.#pending = new TokenBuckets(PENDING_LOGONS, clock);
    this.#ofHost = new TokenBuckets(LOGONS_OF_HOST, clock);
  }

  /** Throws `not-allowed` when the host has logged on too often lately, or too many that wait for approval have. */
  checkLogon(
    { id, name, approval }: Pick<Host, 'id' | 'name' | 'approval'>,
    address: string,
  ): void {
    const isRoom =
      approval === 'pending'
        ? this.#pendingOfAddress.take(address) && this.#pending.take('')
        : this.#ofHost.take(`${id} ${address}`);
    refuseIf(
      isRoom ? null : message('reason.too-many-logons'),
      `logging on as ${name}`,
      'Its engine tries again by itself.',
    );
  }

  /** Throws `not-allowed` when no host can be registered as `approval` from `address` now. */
  check(hosts: readonly Host[], approval: Host['approval'], address: string, doing: string): void {
    const isPending = approval === 'pending';
    const own = this.#byAddress.get(address) ?? new Set();
    const pending = hosts.filter((host) => host.approval === 'pending');
    const anHourAgo = this.#clock() - HOUR_MS;
    this.#takenIn = this.#takenIn.filter((at) => at > anHourAgo);
    refuseIf(
      refusalFor('host.register', {
        approval,
        hosts: hosts.length,
        pendingHosts: pending.length,
        fromThere: (isPending ? pending : hosts).filter(({ id }) => own.has(id)).length,
        withinTheHour: this.#takenIn.length,
      }),
      doing,
    );
  }

  note({ id, approval }: Pick<Host, 'id' | 'approval'>, address: string): void {
    const own = this.#byAddress.get(address) ?? new Set();
    this.#byAddress.set(address, own.add(id));
    if (approval === 'approved') this.#takenIn.push(this.#clock());
  }
}

/** Switches automatic registration off when its time is over at `now`; returns whether it did. */
export async function endRegistration(store: Store, now: number): Promise<boolean> {
  const isOver = ({ settings }: Pick<StoreData, 'settings'>): boolean =>
    settings.automaticRegistration && !isRegistrationOpen(settings, now);
  if (!isOver(store.read())) return false;
  return store.change((data) => {
    // Meanwhile an operator may have decided otherwise.
    if (!isOver(data)) return false;
    data.settings.automaticRegistration = false;
    delete data.settings.automaticRegistrationUntil;
    return true;
  });
}
