/** Receives by UDPcast: udp-receiver(1), and leaves a session without holding up the others. */

import { PassThrough } from 'node:stream';
import { OperatorError } from '../../lib/errors.ts';
import { tellingLine } from '../../lib/exec/tool-words.ts';
import { startService } from '../../lib/exec/service.ts';
import type { ImageSource } from '../../lib/model/operations/assignment.ts';
import type { ImageReceiver } from './image-receiver.ts';

type MulticastSource = Extract<ImageSource, { type: 'multicast' }>;

/** The default of 208 kB cost a third of all packets (docs/field-notes.md). */
const RECEIVE_BUFFER_BYTES = 4 * 1024 * 1024;
/** How long nothing may come once the transmission has begun: the sender repeats its questions every second. */
const RECEIVE_TIMEOUT_SECONDS = 30;
/** What a receiver gets to say goodbye in. */
const LEAVE_MS = 1000;

/** Starts the receiver on `interfaceName`. It joins as soon as the sender says hello. */
export function receiveMulticast(source: MulticastSource, interfaceName: string): ImageReceiver {
  let said = '';
  const service = startService('udp-receiver', receiverArguments(source, interfaceName), {
    // Only on SIGINT does it tell the sender that it leaves; else everybody waits for it (docs/field-notes.md).
    deathSignal: 'INT',
    input: 'none',
    output: 'stream',
    onText: (text) => (said = (said + text).slice(-4000)),
  });
  const data = new PassThrough({ highWaterMark: 1024 * 1024 });
  service.output?.on('error', (error) => data.destroy(error));
  service.output?.pipe(data);
  return {
    data,
    transmissionId: source.sessionId,
    finish: async () => {
      const { status, signal } = await service.ended;
      if (status !== 0) throw receiverError(status, signal, said);
    },
    leave: async () => {
      service.kill('SIGINT');
      // It may be stuck writing to us: what comes now is thrown away.
      service.output?.unpipe(data);
      service.output?.resume();
      const timer = setTimeout(() => service.kill('SIGKILL'), LEAVE_MS);
      await service.ended;
      clearTimeout(timer);
      data.destroy();
    },
  };
}

/** udp-receiver's arguments (udpcast 20120424). */
export function receiverArguments(source: MulticastSource, interfaceName: string): string[] {
  return [
    '--interface',
    interfaceName,
    '--portbase',
    String(source.portBase),
    '--rcvbuf',
    String(RECEIVE_BUFFER_BYTES),
    '--start-timeout',
    String(Math.ceil(source.startTimeoutMs / 1000)),
    '--receive-timeout',
    String(RECEIVE_TIMEOUT_SECONDS),
    '--ttl',
    String(source.ttl),
    ...(source.rendezvousAddress === null ? [] : ['--mcast-rdv-address', source.rendezvousAddress]),
    '--nokbd',
    '--no-progress',
  ];
}

function receiverError(status: number | null, signal: string | null, said: string): OperatorError {
  const end = signal === null ? `exit status ${status ?? 'unknown'}` : `ended by ${signal}`;
  return new OperatorError({
    code: 'stream-broken',
    message: `receiving the image by multicast (udp-receiver ${end})`,
    hint: 'The server or the network failed, or this host was dropped for being too slow. Deploy again to this host.',
    cause: new Error(tellingLine(said)),
  });
}
