/** What a stranger states of its machine: hosts by number, each alike, with whatever an attack wants otherwise. */

import { z } from 'zod';
import { ENGINE_PROTOCOL_VERSION } from '../../lib/protocol/version.ts';
import type { Stranger } from './stranger.ts';

/** A MAC address per number. */
export function macOf(index: number): string {
  const bytes = [index >> 16, index >> 8, index].map((byte) => byte & 255);
  return `52:54:00:${bytes.map((byte) => byte.toString(16).padStart(2, '0')).join(':')}`;
}

/** What host number `index` says of itself; `change` takes the place of what it says truly. */
export function systemInfoOf(index: number, change: Record<string, unknown> = {}): unknown {
  return {
    hostname: `pc-${index}`,
    systemVendor: 'V',
    systemModel: 'M',
    systemSerial: `SN${index}`,
    firmware: 'uefi',
    processors: [],
    memoryBytes: 8e9,
    operatingSystems: [],
    interfaces: [
      { name: 'eth0', mac: macOf(index), addresses: [], linkUp: true, mbitPerSecond: 1000 },
    ],
    disks: [diskOf(index)],
    ...change,
  };
}

export function diskOf(
  index: number,
  change: Record<string, unknown> = {},
): Record<string, unknown> {
  return {
    address: '/dev/sda',
    sizeBytes: 500e9,
    logicalSectorBytes: 512,
    physicalSectorBytes: 512,
    model: 'D',
    serial: `D${index}`,
    wwn: null,
    firmware: null,
    transport: 'sata',
    readOnly: false,
    removable: false,
    tableType: 'gpt',
    partitions: [],
    ...change,
  };
}

export function registerParams(index: number, change: Record<string, unknown> = {}): unknown {
  return {
    protocolVersion: ENGINE_PROTOCOL_VERSION,
    programVersion: '0.2.0',
    macAddresses: [macOf(index)],
    systemInfo: systemInfoOf(index, change),
  };
}

/** Registers host number `index` and logs it on; returns its id. */
export async function logOn(
  stranger: Stranger,
  index: number,
  change: Record<string, unknown> = {},
): Promise<string> {
  const answer = await stranger.call('register', registerParams(index, change));
  const { hostId } = z.object({ hostId: z.string() }).parse(answer);
  await stranger.call('logon', {
    protocolVersion: ENGINE_PROTOCOL_VERSION,
    hostId,
    macAddresses: [macOf(index)],
    instanceId: `engine-${index.toString(36).padStart(10, '0')}`,
    activeRunId: null,
    systemInfo: systemInfoOf(index, change),
  });
  return hostId;
}
