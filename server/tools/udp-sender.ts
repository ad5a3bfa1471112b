/** udp-sender(1) of UDPcast 20120424: its arguments and what it says on standard error. */

export type SenderOptions = {
  readonly interfaceName: string;
  readonly portBase: number;
  readonly dataAddress: string;
  /** Starts as soon as this many receivers have connected … */
  readonly receivers: number;
  /** … or this long after the first one did. */
  readonly maxWaitSeconds: number;
  /** Ends when nobody connects within this time. */
  readonly startTimeoutSeconds: number;
  /** Rounds without an answer, about a second each, after which a receiver is dropped. */
  readonly retriesUntilDrop: number;
  readonly ttl: number;
  /** Upper limit for the payload in bit/s, null for none. */
  readonly maxBitsPerSecond: number | null;
};

/**
 * The arguments for one session. `--rexmit-hello-interval` makes the sender look for "enough receivers" ten times
 * a second instead of every two; `--nopointopoint` keeps one receiver on multicast.
 */
export function senderArguments(options: SenderOptions): string[] {
  return [
    '--interface',
    options.interfaceName,
    '--portbase',
    String(options.portBase),
    '--mcast-data-address',
    options.dataAddress,
    '--min-receivers',
    String(options.receivers),
    '--max-wait',
    String(options.maxWaitSeconds),
    '--start-timeout',
    String(options.startTimeoutSeconds),
    '--rexmit-hello-interval',
    '100',
    '--retries-until-drop',
    String(options.retriesUntilDrop),
    '--ttl',
    String(options.ttl),
    '--nokbd',
    '--full-duplex',
    '--nopointopoint',
    ...(options.maxBitsPerSecond === null
      ? []
      : ['--max-bitrate', String(options.maxBitsPerSecond)]),
  ];
}

export type SenderEvent =
  /** `client` is the number that the sender gives it, from 0. */
  | { readonly type: 'connected'; readonly client: number; readonly address: string }
  | { readonly type: 'started' }
  /** It began, or gave up waiting, and nobody was there. */
  | { readonly type: 'nobody' }
  | { readonly type: 'sent'; readonly sentBytes: number; readonly resentShare: number }
  /** Some have not answered for several rounds; `averageMs` is how long an answer takes as a rule. */
  | { readonly type: 'silent'; readonly clients: readonly number[]; readonly averageMs: number }
  | { readonly type: 'dropped'; readonly client: number }
  | { readonly type: 'left'; readonly address: string }
  | { readonly type: 'ended' };

/** The event in one line of the sender's messages, or null for lines that mean nothing to us. */
export function parseSenderLine(line: string): SenderEvent | null {
  const statistics = /bytes=\s*([\d ]+)\s+re-xmits=\d+\s+\(\s*([\d.]+)%\)/.exec(line);
  if (statistics?.[1] !== undefined && statistics[2] !== undefined) {
    return {
      type: 'sent',
      sentBytes: Number(statistics[1].replaceAll(' ', '')),
      resentShare: Math.min(1, Number(statistics[2]) / 100),
    };
  }
  const connected = /New connection from (\S+)\s+\(#(\d+)\)/.exec(line);
  if (connected?.[1] !== undefined && connected[2] !== undefined) {
    return { type: 'connected', client: Number(connected[2]), address: connected[1] };
  }
  const silent = /Timeout notAnswered=\[(\d+(?:,\d+)*)\].* avg=(\d+)/.exec(line);
  if (silent?.[1] !== undefined && silent[2] !== undefined) {
    const clients = silent[1].split(',').map(Number);
    return { type: 'silent', clients, averageMs: Number(silent[2]) / 1000 };
  }
  const dropped = /Dropping client #(\d+) because of timeout/.exec(line);
  if (dropped?.[1] !== undefined) return { type: 'dropped', client: Number(dropped[1]) };
  const left = /Disconnecting #\d+ \(([^)]+)\)/.exec(line);
  if (left?.[1] !== undefined) return { type: 'left', address: left[1] };
  if (line.startsWith('Starting transfer')) return { type: 'started' };
  if (line.startsWith('No participants')) return { type: 'nobody' };
  if (line.startsWith('Transfer complete')) return { type: 'ended' };
  return null;
}
