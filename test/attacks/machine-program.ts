/** A machine in a network namespace that says it is a host: registers, logs on, asks for work; prints what comes of it. */

import { z } from 'zod';
import { ENGINE_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import { sampleHost } from '../server/store/sample-data.ts';
import { Stranger } from './stranger.ts';

const { url, claimed, own, serial, secret, hostId, address } = z
  .object({
    url: z.string(),
    claimed: z.string(),
    own: z.string(),
    serial: z.string(),
    secret: z.string().optional(),
    /** Of an engine that is running: it registers no more. */
    hostId: z.string().optional(),
    /** Where it sends from. */
    address: z.string().optional(),
  })
  .parse(JSON.parse(process.argv[2] ?? ''));
const { systemInfo } = sampleHost(1);
const [adapter] = systemInfo?.interfaces ?? [];
// The best lie: both the host's address and the own one, which the sender cannot hide.
const macAddresses = [claimed, own];
const told = {
  protocolVersion: ENGINE_PROTOCOL_VERSION,
  macAddresses,
  systemInfo: {
    ...systemInfo,
    systemSerial: serial,
    interfaces: macAddresses.map((mac) => ({ ...adapter, mac })),
  },
};
const stranger = await Stranger.connect(
  url,
  address === undefined ? {} : { localAddress: address },
);
const outcome = async (): Promise<unknown> => {
  const registered =
    hostId === undefined
      ? z
          .object({ hostId: z.string() })
          .parse(await stranger.call('register', { ...told, programVersion: '0.2.0' }))
      : { hostId };
  const instanceId = 'engine-0000000099';
  const { standing } = z.object({ standing: z.object({ approval: z.string() }) }).parse(
    await stranger.call('logon', {
      ...told,
      ...registered,
      instanceId,
      activeRunId: null,
      ...(secret === undefined ? {} : { secret }),
    }),
  );
  return standing.approval;
};
const end = await outcome().catch((error: unknown) => String(error));
process.stdout.write(`${String(end)}\n`);
stranger.end();
