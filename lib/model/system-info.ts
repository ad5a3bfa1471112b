/** What a host says of itself at register and logon (requirement O5). */

import { z } from 'zod';
import { Count, Hostname, MacAddress, MachineText } from './names.ts';

export const Processor = z.object({
  vendor: MachineText,
  model: MachineText,
  mhz: z.number().nonnegative().nullable(),
  cores: z.number().int().nonnegative(),
  threads: z.number().int().nonnegative(),
  cacheBytes: Count.nullable(),
});

export const NetworkInterface = z.object({
  name: MachineText,
  mac: MacAddress,
  addresses: z.array(z.string().max(64)),
  linkUp: z.boolean(),
  mbitPerSecond: z.number().nullable(),
});

export const Filesystem = z.object({
  /** As blkid names it: ext4, ntfs, vfat, xfs, btrfs, swap, crypto_LUKS, LVM2_member. */
  type: MachineText,
  uuid: MachineText.nullable(),
  label: MachineText.nullable(),
});
export type Filesystem = z.infer<typeof Filesystem>;

export const DiskPartition = z.object({
  number: z.number().int().positive(),
  startSector: Count,
  sizeBytes: Count,
  /** MBR type byte as "0x83", or a GPT type GUID. */
  typeCode: MachineText,
  name: MachineText.nullable(),
  filesystem: Filesystem.nullable(),
  mountpoints: z.array(MachineText),
});
export type DiskPartition = z.infer<typeof DiskPartition>;

export const Disk = z.object({
  /** The device file on the host: /dev/sda, /dev/nvme0n1, /dev/loop3. */
  address: z.string().regex(/^\/dev\/[A-Za-z0-9/_.:-]{1,64}$/),
  sizeBytes: Count,
  logicalSectorBytes: z.number().int().positive(),
  physicalSectorBytes: z.number().int().positive(),
  model: MachineText,
  serial: MachineText.nullable(),
  wwn: MachineText.nullable(),
  firmware: MachineText.nullable(),
  transport: MachineText.nullable(),
  readOnly: z.boolean(),
  removable: z.boolean(),
  tableType: z.enum(['dos', 'gpt', 'none', 'unknown']),
  partitions: z.array(DiskPartition),
});
export type Disk = z.infer<typeof Disk>;

export const OperatingSystem = z.object({ partition: z.string().max(80), name: MachineText });

/** Which engine it is that speaks. */
export const EngineVersion = z.object({
  programVersion: z.string().max(40),
  /** The id of the root file system that it runs in; null when it was started by hand. */
  buildId: z.string().max(100).nullable(),
});
export type EngineVersion = z.infer<typeof EngineVersion>;

export const SystemInfo = z.object({
  hostname: Hostname.nullable(),
  systemVendor: MachineText,
  systemModel: MachineText,
  systemSerial: MachineText.nullable(),
  firmware: z.enum(['bios', 'uefi']),
  processors: z.array(Processor),
  memoryBytes: Count,
  interfaces: z.array(NetworkInterface),
  disks: z.array(Disk),
  operatingSystems: z.array(OperatingSystem),
  /** Absent in what engines of version 0.1 said of themselves. */
  engine: EngineVersion.optional(),
});
export type SystemInfo = z.infer<typeof SystemInfo>;
