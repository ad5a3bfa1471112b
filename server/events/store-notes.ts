/** Gathers what changes of the store mean to operators: what comes together of a kind is one entry of their log. */

import { isDeepStrictEqual } from 'node:util';
import type { LogEvent } from '../../lib/model/log-entry.ts';
import { storeEvents } from './store-events.ts';
import type { MadeChange } from '../store/store.ts';

const MOST_NAMES = 5;

export class StoreNotes {
  /** What nobody asked for, from the first change to the last: a room that is switched on is one. */
  #own: MadeChange | null = null;
  #events: LogEvent[] = [];

  /** What an operator asks for is told each for itself: made and taken back at once, it happened all the same. */
  add(change: MadeChange): void {
    if (change.by === null) {
      this.#own = { ...change, before: this.#own?.before ?? change.before };
      return;
    }
    this.#endOwn();
    this.#tell(storeEvents(change));
  }

  /** What has come since the last time. */
  take(): LogEvent[] {
    this.#endOwn();
    const events = this.#events;
    this.#events = [];
    return events;
  }

  #endOwn(): void {
    if (this.#own !== null) this.#tell(storeEvents(this.#own));
    this.#own = null;
  }

  #tell(events: readonly LogEvent[]): void {
    for (const event of events) {
      const last = this.#events.at(-1);
      const both = last === undefined ? null : together(last, event);
      if (both === null) this.#events.push(event);
      else this.#events.splice(-1, 1, both);
    }
  }
}

/** Both as one, when they say the same of different hosts. */
function together(one: LogEvent, other: LogEvent): LogEvent | null {
  if (!('hosts' in one) || !('hosts' in other)) return null;
  if (!isDeepStrictEqual({ ...one, hosts: null }, { ...other, hosts: null })) return null;
  const names = [...one.hosts.names, ...other.hosts.names].slice(0, MOST_NAMES);
  return { ...one, hosts: { names, count: one.hosts.count + other.hosts.count } };
}
