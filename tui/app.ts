/** The loop: one queue of events, one state, one picture; effects are performed here and nowhere else. */

import type { OperatorClient } from '../lib/client/operator-client.ts';
import { OperatorError, toReport } from '../lib/errors.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { ConnectionWishes } from './connection-wishes.ts';
import type { UiEvent } from './events.ts';
import type { Effect } from './follow.ts';
import { viewOf } from './frame.ts';
import type { Picture } from './picture.ts';
import { Recorder } from './recording.ts';
import { answered, type Method } from './requests.ts';
import type { RequestOf } from './screen-states.ts';
import type { State } from './state.ts';
import { update } from './update.ts';

export type Display = { readonly paint: (picture: Picture) => void };

export type AppOptions = {
  readonly state: State;
  readonly display: Display;
  readonly clock: () => number;
  /** Writes a recording to a file; returns its path. */
  readonly record: (recording: string) => Promise<string>;
  /** Told what the operator does that the connection goes by. */
  readonly wishes: Pick<ConnectionWishes, 'logIn' | 'tryNow'>;
  /** Called once, when the operator leaves; `server` is where they want to go instead, if anywhere. */
  readonly onQuit: (server: string | null) => void;
};

/** Holds the state; `put` is the only way in. */
export class App {
  readonly #options: AppOptions;
  readonly #recorder = new Recorder();
  #state: State;
  #client: OperatorClient | null = null;
  readonly #queue: UiEvent[] = [];
  #presentAt = 0;
  #isWorking = false;
  #isPaintDue = false;
  #isOver = false;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#state = options.state;
    this.#paintSoon();
  }

  get state(): State {
    return this.#state;
  }

  /** The connection that requests go by; null while there is none. */
  set client(client: OperatorClient | null) {
    this.#client = client;
  }

  put(event: UiEvent): void {
    if (this.#isOver) return;
    if (event.type === 'key' || event.type === 'clicked') this.#sayPresent();
    this.#queue.push(event);
    if (this.#isWorking) return;
    this.#isWorking = true;
    try {
      for (let next = this.#queue.shift(); next !== undefined; next = this.#queue.shift()) {
        this.#recorder.note(this.#state, next);
        const { state, effects } = update(this.#state, next);
        this.#state = state;
        for (const effect of effects) this.#perform(effect);
      }
    } finally {
      this.#isWorking = false;
    }
    this.#paintSoon();
  }

  /** Keys that ask nothing of the server keep the login alive as well. */
  #sayPresent(): void {
    const now = this.#options.clock();
    if (!this.#state.model.isLoggedIn || now - this.#presentAt < PRESENT_MS) return;
    this.#presentAt = now;
    // Without a connection there is nothing to be kept alive.
    this.#client?.call('operator.present', {}).catch(() => undefined);
  }

  /** Many events at once are painted once. */
  #paintSoon(): void {
    if (this.#isPaintDue) return;
    this.#isPaintDue = true;
    setImmediate(() => {
      this.#isPaintDue = false;
      if (!this.#isOver) this.#options.display.paint(viewOf(this.#state));
    });
  }

  #perform(effect: Effect): void {
    switch (effect.type) {
      case 'send':
        void this.#send(effect.id, effect.request);
        return;
      case 'logged-in':
        this.#options.wishes.logIn(effect.loginToken);
        return;
      case 'try-now':
        this.#options.wishes.tryNow();
        return;
      case 'record':
        void this.#record();
        return;
      case 'elsewhere':
        this.#isOver = true;
        this.#options.onQuit(effect.server);
        return;
      case 'quit':
        this.#isOver = true;
        this.#options.onQuit(null);
        return;
      default:
        unreachable(effect);
    }
  }

  async #send<M extends Method>(
    id: number,
    { method, params }: Pick<RequestOf<M>, 'method' | 'params'>,
  ): Promise<void> {
    try {
      if (this.#client === null) throw noConnection();
      this.put(answered(method, await this.#client.call(method, params), id));
    } catch (error) {
      this.put({ type: 'refused', id, report: toReport(error) });
    }
  }

  async #record(): Promise<void> {
    try {
      const path = await this.#options.record(this.#recorder.text() ?? '');
      this.put({ type: 'recorded', path });
    } catch (error) {
      this.put({ type: 'not-recorded', report: toReport(error) });
    }
  }
}

function noConnection(): OperatorError {
  return new OperatorError({
    code: 'connection-lost',
    message: 'there is no connection to the server',
    hint: 'Nothing was sent. Try again when the connection is back; that is tried all the time.',
  });
}

const PRESENT_MS = 30_000;
