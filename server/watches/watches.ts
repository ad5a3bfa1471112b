/** What one operator's program watches: status, inventory and log, each once, until it closes. */

import type { LogEntry } from '../../lib/model/log-entry.ts';
import type { Status } from '../../lib/model/status.ts';
import type { InventoryChange } from '../../lib/protocol/operator-api/status.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import type { EventLog } from '../events/event-log.ts';
import type { ViewContext } from '../views/context.ts';
import { currentStatus } from '../views/status.ts';
import { InventoryWatch } from './inventory-watch.ts';
import { watchLog } from './log-watch.ts';
import type { Push } from './push.ts';
import { StatusWatch } from './status-watch.ts';

export type WatchContext = ViewContext & {
  readonly changes: ChangeSignal;
  readonly events: Pick<EventLog, 'entries' | 'listen'>;
};

type Watch = 'status' | 'inventory' | 'log';

export class Watches {
  readonly #context: WatchContext;
  readonly #push: Push;
  readonly #stops = new Map<Watch, () => void>();

  constructor(context: WatchContext, push: Push) {
    this.#context = context;
    this.#push = push;
  }

  /** Pushes the status after changes, at most every `intervalMs`; resolves with how it is now. */
  async watchStatus(intervalMs: number): Promise<Status> {
    const watch = new StatusWatch(this.#context);
    this.#replace(
      'status',
      this.#context.changes.listen(intervalMs, async () => {
        if (!this.#push.isBehind()) this.#push.notify('status', await watch.next());
      }),
    );
    return currentStatus(this.#context);
  }

  /** Pushes what has changed of hosts and lists; returns all hosts. */
  watchInventory(intervalMs: number): InventoryChange {
    const { changes } = this.#context;
    const watch = new InventoryWatch(this.#context);
    const all = watch.next();
    this.#replace(
      'inventory',
      changes.listen(intervalMs, () => {
        if (this.#push.isBehind()) {
          // A slow reader gets later, together, what it would not read now.
          setTimeout(() => changes.emit(), intervalMs).unref();
          return Promise.resolve();
        }
        const change = watch.next();
        if (change !== null) this.#push.notify('inventory', change);
        return Promise.resolve();
      }),
    );
    return all ?? { hosts: [], gone: [], ...ALL_LISTS_CHANGED };
  }

  /** Pushes new entries; returns those that are kept. */
  watchLog(): LogEntry[] {
    const { events } = this.#context;
    this.#replace(
      'log',
      watchLog({
        events,
        isBehind: () => this.#push.isBehind(),
        send: (entries) => this.#push.notify('log', { entries: [...entries] }),
      }),
    );
    return [...events.entries];
  }

  close(): void {
    for (const stop of this.#stops.values()) stop();
    this.#stops.clear();
  }

  #replace(watch: Watch, stop: () => void): void {
    this.#stops.get(watch)?.();
    this.#stops.set(watch, stop);
  }
}

const ALL_LISTS_CHANGED = {
  areGroupsChanged: true,
  areImagesChanged: true,
  areSettingsChanged: true,
};
