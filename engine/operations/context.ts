/** What every operation works with. */

import type { Run } from '../../lib/exec/run.ts';
import type { Log } from '../../lib/log.ts';
import type { SystemInfo } from '../../lib/model/system-info.ts';
import type { LingeringWriters } from '../disk/lingering-writers.ts';
import type { ServerLink } from '../server-link.ts';
import type { EventSink } from '../step-runner.ts';

export type OperationContext = {
  /** Runs tools for the operation; they are ended when it is stopped. */
  readonly run: Run;
  /** Runs tools that make good what the operation did, stopped or not. */
  readonly cleanUpRun: Run;
  readonly link: ServerLink;
  readonly log: Log;
  readonly signal: AbortSignal;
  readonly events: EventSink;
  /** The host as it is now. */
  readonly systemInfo: () => Promise<SystemInfo>;
  /** Of earlier operations. */
  readonly lingeringWriters: LingeringWriters;
  /** For files of the engine's own; in RAM when it is booted by network. */
  readonly workDirectory: string;
  /** The server's address, to find the interface that leads there. */
  readonly serverHost: string;
};
