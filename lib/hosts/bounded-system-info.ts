/** What a host says of itself, as much of it as there is room for: a machine with hundreds of partitions is no less a host. */

import type { Disk, SystemInfo } from '../model/system-info.ts';

/** From what is missed least to what is missed most; each is tried with all those before it. */
const CUTS: readonly ((info: SystemInfo) => SystemInfo)[] = [
  (info) => ({ ...info, disks: info.disks.map(withoutMountpoints) }),
  (info) => ({ ...info, bootEntries: info.bootEntries?.slice(0, 8) }),
  ...[512, 256, 128, 64, 32, 16].map((most) => (info: SystemInfo) => withPartitions(info, most)),
  (info) => ({ ...info, operatingSystems: info.operatingSystems.slice(0, 16) }),
  (info) => ({
    ...info,
    processors: info.processors.slice(0, 8),
    interfaces: info.interfaces
      .slice(0, 32)
      .map((each) => ({ ...each, addresses: each.addresses.slice(0, 8) })),
  }),
  ...[4, 0].map((most) => (info: SystemInfo) => withPartitions(info, most)),
  (info) => ({ ...info, disks: info.disks.slice(0, 32), bootEntries: [] }),
  (info) => ({
    ...info,
    operatingSystems: [],
    processors: info.processors.slice(0, 1),
    interfaces: info.interfaces.slice(0, 8),
    disks: info.disks.slice(0, 8),
  }),
  (info) => ({ ...info, processors: [], interfaces: [], disks: [] }),
];

/**
 * `info` in at most `maxBytes` of JSON (UTF-8), `leftOut` saying how many disks, partitions, interfaces and the like are
 * not in it. The same object when nothing has to go.
 */
export function boundedSystemInfo(info: SystemInfo, maxBytes: number): SystemInfo {
  if (bytesOf(info) <= maxBytes) return info;
  const before = (info.leftOut ?? 0) + partsOf(info);
  let cut = info;
  for (const apply of CUTS) {
    cut = apply(cut);
    const told = { ...cut, leftOut: before - partsOf(cut) };
    if (bytesOf(told) <= maxBytes) return told;
  }
  return { ...cut, leftOut: before - partsOf(cut) };
}

function bytesOf(info: SystemInfo): number {
  return Buffer.byteLength(JSON.stringify(info));
}

/** What can be left out, counted. */
function partsOf({ disks, interfaces, processors, operatingSystems }: SystemInfo): number {
  return (
    disks.reduce((sum, { partitions }) => sum + 1 + partitions.length, 0) +
    interfaces.length +
    processors.length +
    operatingSystems.length
  );
}

function withoutMountpoints(disk: Disk): Disk {
  return {
    ...disk,
    partitions: disk.partitions.map((partition) => ({ ...partition, mountpoints: [] })),
  };
}

function withPartitions(info: SystemInfo, most: number): SystemInfo {
  return {
    ...info,
    disks: info.disks.map((disk) => ({ ...disk, partitions: disk.partitions.slice(0, most) })),
  };
}
