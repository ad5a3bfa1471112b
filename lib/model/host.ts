/** Hosts: the machines of the rooms, known by MAC address. */

import { z } from 'zod';
import { GroupId, HostId } from './ids.ts';
import { Hostname, MacAddress, MachineText, Timestamp } from './names.ts';
import { SystemInfo } from './system-info.ts';

export const Host = z.object({
  id: HostId,
  /** The name operators see; a new host is called after its MAC address. */
  name: Hostname,
  mac: MacAddress,
  groupId: GroupId.nullable(),
  /** As an operator set it; null means the one the firmware reports. */
  serialNumber: MachineText.nullable(),
  ipAddress: z.ipv4().nullable(),
  registeredAt: Timestamp,
  lastSeenAt: Timestamp,
  systemInfo: SystemInfo.nullable(),
});
export type Host = z.infer<typeof Host>;

/** Whether an engine runs on the host now, and what it does. */
export const HostState = z.enum(['off', 'idle', 'working']);
export type HostState = z.infer<typeof HostState>;

export const HostView = Host.extend({
  state: HostState,
  groupName: z.string().nullable(),
  /** Where the engine connects from; null when there is none. */
  address: z.string().nullable(),
});
export type HostView = z.infer<typeof HostView>;
