/** Plays a recording forwards and backwards: a state is kept every so many events, so that no step plays all of them. */

import type { Area } from '../../../tui/picture.ts';
import { firstState, nextState, type Recording } from '../../../tui/recording.ts';
import type { State } from '../../../tui/state.ts';

/** States share what did not change between them, so that those of a whole recording fit into memory. */
export const KEPT_EVERY = 50;

export class Player {
  readonly #recording: Recording;
  readonly #area: Area | null;
  /** After 0, KEPT_EVERY, 2 * KEPT_EVERY … events, as far as it was played. */
  readonly #kept: State[];
  #played = 0;

  /** On a terminal of the size of `area`; null: of those that were recorded. */
  constructor(recording: Recording, area: Area | null) {
    this.#recording = recording;
    this.#area = area;
    this.#kept = [firstState(recording, area)];
  }

  /** How many events were played until now, again ones included. */
  get played(): number {
    return this.#played;
  }

  /** The state after the first `count` events. */
  stateAfter(count: number): State {
    const { events } = this.#recording;
    const wanted = Math.min(count, events.length);
    const start = Math.min(Math.floor(wanted / KEPT_EVERY), this.#kept.length - 1);
    let [state] = this.#kept.slice(start);
    if (state === undefined) throw new TypeError('the first state is kept');
    for (let at = start * KEPT_EVERY; at < wanted; at += 1) {
      const event = events[at];
      if (event === undefined) break;
      state = nextState(state, event, this.#area);
      this.#played += 1;
      if ((at + 1) % KEPT_EVERY === 0) this.#kept[(at + 1) / KEPT_EVERY] ??= state;
    }
    return state;
  }
}
