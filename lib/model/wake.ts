/** Waking hosts that are off. Live only: nothing of it is stored. */

import { z } from 'zod';
import { HostId } from './ids.ts';
import { MachineText } from './machine-text.ts';
import { Count } from './count.ts';
import { Hostname, Timestamp } from './names.ts';

export const WakeState = z.enum([
  /** Magic packets go out until the host's engine answers. */
  'waking',
  /** Its engine did not answer. */
  'missing',
  /** It has no work, so it starts from its own disk, which nobody here can see. */
  'sent',
]);
export type WakeState = z.infer<typeof WakeState>;

export const Wake = z.object({
  hostId: HostId,
  hostName: Hostname,
  state: WakeState,
  /** Packets that have gone out, counted once however many subnets they went to. */
  packets: Count,
  since: Timestamp,
  /** Why the last packet could not be sent. */
  error: MachineText.nullable(),
});
export type Wake = z.infer<typeof Wake>;
