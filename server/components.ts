/** The parts of the server, started in order and stopped in reverse: a start that fails half-way leaves none of them. */

import type { Log } from '../lib/log.ts';

/** A part with a lifetime. */
export type Component<T> = {
  readonly name: string;
  readonly start: () => T | Promise<T>;
  /** Releases all that `start` took; what uses the part has been stopped before. */
  readonly stop: (part: T) => void | Promise<void>;
};

type Started = { readonly name: string; readonly stop: () => Promise<void> };

export class Components {
  readonly #log: Log;
  readonly #onStarting: (name: string) => void;
  readonly #started: Started[] = [];

  /** `onStarting` is told of each part before it starts; when it throws, the part does not. */
  constructor(log: Log, onStarting: (name: string) => void = () => undefined) {
    this.#log = log;
    this.#onStarting = onStarting;
  }

  async start<T>({ name, start, stop }: Component<T>): Promise<T> {
    this.#onStarting(name);
    const part = await start();
    this.#started.push({ name, stop: async () => stop(part) });
    return part;
  }

  /** Stops all that were started, the last one first; one that cannot be stopped holds up no other. */
  async stop(): Promise<void> {
    for (let part = this.#started.pop(); part !== undefined; part = this.#started.pop()) {
      try {
        await part.stop();
      } catch (error) {
        this.#log.error({ event: 'fault', component: part.name, error }, 'stopping a component');
      }
    }
  }
}

/** Something that is done again and again, until it is stopped. It keeps no process alive. */
export function repeating(
  name: string,
  everyMs: number,
  act: () => void,
): Component<NodeJS.Timeout> {
  return {
    name,
    start: () => setInterval(act, everyMs).unref(),
    stop: (timer) => clearInterval(timer),
  };
}
