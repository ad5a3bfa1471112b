/** The loop: one queue of events, one state, one picture; actions are carried out here and nowhere else. */

import type { OperatorClient } from '../lib/client/operator-client.ts';
import { OperatorError, toReport } from '../lib/errors.ts';
import { unreachable } from '../lib/unreachable.ts';
import type { UiEvent } from './events.ts';
import { viewOf } from './frame.ts';
import type { Picture } from './picture.ts';
import { changesLists, request, type Request } from './requests.ts';
import { update, type Effect, type State } from './state.ts';
import type { Language } from '../lib/text/language.ts';
import { textsOf } from './text/catalogue.ts';

export type Display = { readonly paint: (picture: Picture) => void };

export type AppOptions = {
  readonly state: State;
  readonly display: Display;
  readonly clock: () => number;
  /** Called once, when the operator leaves; `server` is where they want to go instead, if anywhere. */
  readonly onQuit: (server: string | null) => void;
};

/** Holds the state; `put` is the only way in. */
export class App {
  readonly #options: AppOptions;
  readonly #refresh: readonly Request[];
  #state: State;
  #client: OperatorClient | null = null;
  readonly #queue: UiEvent[] = [];
  #lastRequest = 0;
  #presentAt = 0;
  #isWorking = false;
  #isPaintDue = false;
  #isOver = false;

  constructor(options: AppOptions) {
    this.#options = options;
    this.#refresh = refreshIn(options.state.model.language);
    this.#state = options.state;
    this.#paintSoon();
  }

  get state(): State {
    return this.#state;
  }

  /** Told of a login; the connection goes on with its token. */
  onLoggedIn: (loginToken: string) => void = () => undefined;

  /** Somebody does not want to wait for the next attempt to connect. */
  onTryNow: () => void = () => undefined;

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
        const { state, effects } = update(this.#state, next);
        this.#state = state;
        for (const effect of effects) this.#carryOut(effect);
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

  #carryOut(effect: Effect): void {
    switch (effect.type) {
      case 'request':
        void this.#send(effect);
        return;
      case 'refresh':
        for (const each of this.#refresh) void this.#send(each);
        return;
      case 'logged-in':
        this.onLoggedIn(effect.loginToken);
        return;
      case 'try-now':
        this.onTryNow();
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

  async #send(each: Request): Promise<void> {
    const client = this.#client;
    // A refresh that finds no server is made again when there is one: the banner says so already.
    if (client === null && this.#refresh.includes(each)) return;
    const id = ++this.#lastRequest;
    const isQuiet = this.#refresh.includes(each);
    if (!isQuiet) this.put({ type: 'sent', id, title: each.title, now: this.#options.clock() });
    try {
      if (client === null) throw noConnection();
      const { answer, actions } = await each.send(client);
      this.put(answer);
      if (actions.length > 0) this.put({ type: 'follow', actions });
      if (changesLists(each.method)) this.put({ type: 'follow', actions: [{ type: 'refresh' }] });
    } catch (error) {
      const report = toReport(error);
      // The banner says so; the next connection reads the lists again.
      if (isQuiet && report.code === 'connection-lost') return;
      this.put({ type: 'refused', title: each.title, report });
    } finally {
      if (!isQuiet) this.put({ type: 'returned', id });
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

function refreshIn(language: Language): readonly Request[] {
  const { groups, images, settings } = textsOf(language).common.readingLists;
  return [
    request(groups, 'group.list', {}),
    request(images, 'image.list', {}),
    request(settings, 'settings.get', {}),
  ];
}
