/** Drives udp-sender for one session: lays out what it sends, reads what it says, and notices who is no receiver. */

import { startPipeline, type Pipeline } from '../../lib/exec/pipeline.ts';
import type { Log } from '../../lib/log.ts';
import type { SessionId } from '../../lib/model/ids.ts';
import type { Route } from '../../lib/network/route.ts';
import { parseSenderLine, senderArguments, type SenderEvent } from '../tools/udp-sender.ts';
import { LoopWatch } from './loop-watch.ts';
import type { SessionAddress } from './ports.ts';
import { layOut, type Transmission } from './transmission.ts';

/** How udp-sender is driven; measured values in docs/design/session.md. */
export type SenderSettings = {
  readonly retriesUntilDrop: number;
  readonly ttl: number;
  readonly maxBitsPerSecond: number | null;
};

/** Once every expected receiver runs, connecting takes a tenth of a second; who has not by then cannot. */
const MAX_CONNECT_SECONDS = 10;
const START_TIMEOUT_SECONDS = 20;
/** Of what the sender says: twice the numbers of 1024 receivers, as many as it can have. */
const MAX_LINE_LENGTH = 16_000;

export type SenderOptions = {
  readonly id: SessionId;
  readonly route: Route;
  readonly address: SessionAddress;
  readonly transmission: Transmission;
  /** Where frames are laid out while it sends. */
  readonly directory: string;
  readonly settings: SenderSettings;
  /** How many it waits for. */
  readonly receivers: number;
  /** Whether one of the session's members, or of those that were, has this address. */
  readonly isMember: (address: string) => boolean;
  readonly log: Log;
  readonly onEvent: (event: SenderEvent) => void;
  /** Somebody who is no member took part; null: it told the sender to begin, which anybody can. */
  readonly onStranger: (address: string | null) => void;
};

export class Sender {
  readonly #options: SenderOptions;
  readonly #loop = new LoopWatch();
  /** Those that have connected to it. */
  readonly #connected = new Set<string>();
  /** When the first of them came at the earliest, and since when it runs, on the clock that nobody sets. */
  #firstConnectedAt: number | null = null;
  #sendingSince = 0;
  #isStarted = false;
  #isStopped = false;
  #pipeline: Pipeline | undefined;
  #text = '';

  constructor(options: SenderOptions) {
    this.#options = options;
  }

  /** Resolves when everything was sent. Throws what keeps it from that. */
  async send(): Promise<void> {
    const { id, transmission, directory, route, address, settings, receivers, log } = this.#options;
    const files = await layOut(transmission, directory);
    try {
      const args = senderArguments({
        interfaceName: route.interfaceName,
        portBase: address.portBase,
        dataAddress: address.dataAddress,
        receivers,
        maxWaitSeconds: MAX_CONNECT_SECONDS,
        startTimeoutSeconds: START_TIMEOUT_SECONDS,
        ...settings,
      });
      log.info({ event: 'session-start', session: id, args }, 'session starts');
      this.#sendingSince = performance.now();
      this.#loop.start();
      this.#pipeline = startPipeline(
        [
          { tool: 'cat', args: ['--', ...files.paths] },
          // The kernel ends the sender with us, so that a new server finds its ports free.
          {
            tool: 'setpriv',
            args: ['--pdeathsig', 'KILL', 'udp-sender', ...args],
            onText: (text) => this.#hear(text),
          },
        ],
        { input: 'none', output: 'none' },
      );
      if (this.#isStopped) this.#pipeline.kill('SIGTERM');
      await this.#pipeline.finished;
      if (!this.#isStarted) throw new Error('no receiver connected to the sender');
    } finally {
      this.#loop.stop();
      await files.remove();
    }
  }

  /** Ends it, whatever it is doing. Returns whether it runs: send() ends by that then. */
  stop(): boolean {
    this.#isStopped = true;
    this.#pipeline?.kill('SIGTERM');
    return this.#pipeline !== undefined;
  }

  #hear(text: string): void {
    const lines = (this.#text + text).split(/[\r\n]+/);
    this.#text = lines.pop()?.slice(-MAX_LINE_LENGTH) ?? '';
    for (const line of lines) {
      const event = parseSenderLine(line);
      if (event !== null) this.#note(event);
    }
  }

  #note(event: SenderEvent): void {
    const { id, log, isMember, onEvent, onStranger } = this.#options;
    onEvent(event);
    if (event.type === 'sent') return;
    if (event.type === 'started') {
      this.#isStarted = true;
      this.#loop.stop();
      if (this.#isBegunByAnother()) onStranger(null);
    } else if (event.type === 'nobody') {
      // By itself it waits as long as it was told; told to begin before anybody is there, it ends.
      if (performance.now() - this.#sendingSince < (START_TIMEOUT_SECONDS - 1) * 1000)
        onStranger(null);
    } else if (event.type === 'connected') {
      this.#firstConnectedAt ??= this.#loop.earliest;
      if (isMember(event.address)) this.#connected.add(event.address);
      else onStranger(event.address);
    }
    log.info({ event: `session-${event.type}`, session: id, detail: event }, 'session');
  }

  /**
   * The sender begins when all have connected, or ten seconds after the first one, or when anybody says so (CMD_GO).
   * Its clock counts whole seconds, and a busy server reads late: what it did in half of the time it did not do by itself.
   */
  #isBegunByAnother(): boolean {
    const waitedMs = performance.now() - (this.#firstConnectedAt ?? this.#loop.earliest);
    const isEarly = waitedMs < (MAX_CONNECT_SECONDS / 2) * 1000;
    return this.#connected.size < this.#options.receivers && isEarly;
  }
}
