/** What the tools can do without us: UDPcast with the product's own arguments, into nothing or onto the disks. */

import { receiverArguments } from '../../engine/transport/multicast-receiver.ts';
import { SessionId } from '../../lib/model/ids.ts';
import { parseSenderLine, senderArguments } from '../../server/tools/udp-sender.ts';
import type { Stage } from '../../lib/exec/pipeline.ts';
import { INTERFACE } from '../lab/network.ts';
import type { BenchRoom } from './bench-room.ts';
import { startGuarded } from './guarded.ts';

/** Not the server's, which begin with 9000. */
const PORT_BASE = 9400;
const DATA_ADDRESS = '239.195.0.77';
const START_TIMEOUT_SECONDS = 60;

/** Date.now() at "Starting transfer", and when the last receiver had ended. */
export type BareTransfer = { readonly startedAtMs: number; readonly endedAtMs: number };

/** Sends `files` to the first `hosts` hosts, each of which passes them through `consumer(host)`: no stages, nowhere. */
export async function sendBare(
  room: BenchRoom,
  hosts: number,
  files: readonly string[],
  consumer: (host: number) => readonly Stage[],
  signal: AbortSignal,
): Promise<BareTransfer> {
  const receivers = Array.from({ length: hosts }, (_, index) =>
    startGuarded([{ tool: 'udp-receiver', args: RECEIVER_ARGUMENTS }, ...consumer(index + 1)], {
      output: 'none',
      signal,
      namespace: room.room.hostNamespace(index + 1),
    }),
  );
  let startedAtMs = Number.NaN;
  let said = '';
  const args = senderArguments({
    interfaceName: INTERFACE,
    portBase: PORT_BASE,
    dataAddress: DATA_ADDRESS,
    receivers: hosts,
    maxWaitSeconds: START_TIMEOUT_SECONDS,
    startTimeoutSeconds: START_TIMEOUT_SECONDS,
    retriesUntilDrop: 30,
    ttl: 1,
    maxBitsPerSecond: null,
  });
  const sender = startGuarded(
    [
      { tool: 'cat', args: ['--', ...files] },
      {
        tool: 'udp-sender',
        args,
        onText: (text) => {
          const lines = (said + text).split(/[\r\n]+/);
          said = lines.pop()?.slice(-1000) ?? '';
          if (lines.some((line) => parseSenderLine(line)?.type === 'started')) {
            startedAtMs = Date.now();
          }
        },
      },
    ],
    { output: 'none', signal, namespace: room.room.serverNamespace, namespaceStage: 1 },
  );
  try {
    await Promise.all([sender, ...receivers].map(({ finished }) => finished));
  } finally {
    for (const pipeline of [sender, ...receivers]) pipeline.kill('SIGKILL');
  }
  if (Number.isNaN(startedAtMs)) throw new Error('udp-sender ended without having sent');
  return { startedAtMs, endedAtMs: Date.now() };
}

const RECEIVER_ARGUMENTS = receiverArguments(
  {
    type: 'multicast',
    sessionId: SessionId.parse('session-0000000000'),
    portBase: PORT_BASE,
    rendezvousAddress: null,
    ttl: 1,
    startTimeoutMs: START_TIMEOUT_SECONDS * 1000,
  },
  INTERFACE,
);
