/** How a server is started: directories, ports, times. */

import type { Log } from '../lib/log.ts';
import type { Site } from '../lib/model/site.ts';
import type { SenderSettings } from './sessions/sender.ts';
import type { WakeTiming } from './wake/wake-scheduler.ts';

export type ServerOptions = {
  readonly dataDirectory: string;
  readonly imageDirectory: string;
  readonly socketPath: string;
  /** The group that may open the socket. */
  readonly socketGroup: string;
  /** null: towards the site's subnets, and the loopback. */
  readonly listenAddress: string | null;
  readonly port: number;
  readonly sessionPort: number;
  readonly sender: SenderSettings;
  readonly heartbeatMs: number;
  readonly graceMs: number;
  readonly keepVersions: number;
  /** How hosts are booted; null: they are not, as in the lab. */
  readonly site: Site | null;
  /** How magic packets follow each other; as WAKE_TIMING when absent. */
  readonly wakeTiming?: WakeTiming;
  /** What logins grow old by, milliseconds that never go back; performance.now when absent. */
  readonly loginClock?: () => number;
  /** Told of each component before it starts; when it throws, the start fails there. */
  readonly onStarting?: (name: string) => void;
  readonly log: Log;
};
