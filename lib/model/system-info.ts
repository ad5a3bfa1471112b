/** What a host says of itself at register and logon. */

import { z } from 'zod';
import { MAX_PARTITIONS } from './limits.ts';
import { MachineText } from './machine-text.ts';
import { Count } from './count.ts';
import { Hostname, MacAddress } from './names.ts';

export const Processor = z.object({
  vendor: MachineText,
  model: MachineText,
  mhz: z.number().nonnegative().max(1e9).nullable(),
  cores: z.number().int().nonnegative(),
  threads: z.number().int().nonnegative(),
  cacheBytes: Count.nullable(),
});

export const NetworkInterface = z.object({
  name: MachineText,
  mac: MacAddress,
  addresses: z.array(z.string().max(64)).max(256),
  linkUp: z.boolean(),
  mbitPerSecond: z.number().min(-1e9).max(1e9).nullable(),
});

export const Filesystem = z.object({
  /** As blkid names it: ext4, ntfs, vfat, xfs, btrfs, swap, crypto_LUKS, LVM2_member. */
  type: MachineText,
  uuid: MachineText.nullable(),
  label: MachineText.nullable(),
});
export type Filesystem = z.infer<typeof Filesystem>;

/** A GPT's GUID, or an MBR's signature with the partition's number: "1b2e3f40-01". */
export const PartitionUuid = z
  .string()
  .regex(/^([0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}|[0-9a-f]{8}-[0-9a-f]{2,8})$/);

/** Sector 0, as a BIOS sees it. */
export const BootSector = z.object({
  /** Bytes 440 to 443 as a number in 8 lower-case hexadecimal digits; null when they are 0. */
  signature: z
    .string()
    .regex(/^[0-9a-f]{8}$/)
    .nullable(),
  /** Whether there is something to start: the signature 55 AA and code before the table. */
  hasCode: z.boolean(),
});
export type BootSector = z.infer<typeof BootSector>;

/** Firmware has a few; some forget to remove those of systems that are gone. */
export const MAX_BOOT_ENTRIES = 32;

/** An entry of UEFI's own boot order that leads to a file on a partition. */
export const BootEntry = z.object({
  label: MachineText,
  partitionUuid: PartitionUuid,
  /** With slashes, as boot loaders write it: "/EFI/debian/shimx64.efi". "/" names the partition's default loader. */
  path: z.string().max(200),
});
export type BootEntry = z.infer<typeof BootEntry>;

export const DiskPartition = z.object({
  number: z.number().int().positive(),
  startSector: Count,
  sizeBytes: Count,
  /** MBR type byte as "0x83", or a GPT type GUID. */
  typeCode: MachineText,
  name: MachineText.nullable(),
  /** As blkid writes PARTUUID, in lower case; absent in what engines before version 0.3 said. */
  uuid: PartitionUuid.nullable().optional(),
  filesystem: Filesystem.nullable(),
  mountpoints: z.array(MachineText).max(256),
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
  /** What a BIOS starts on it; absent in what engines before version 0.3 said. */
  bootSector: BootSector.nullable().optional(),
  partitions: z.array(DiskPartition).max(MAX_PARTITIONS),
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
  processors: z.array(Processor).max(256),
  memoryBytes: Count,
  interfaces: z.array(NetworkInterface).max(256),
  disks: z.array(Disk).max(256),
  operatingSystems: z.array(OperatingSystem).max(256),
  /** What UEFI would start from its disks, in its own order; absent in what engines before version 0.3 said. */
  bootEntries: z.array(BootEntry).max(MAX_BOOT_ENTRIES).optional(),
  /** Absent in what engines of version 0.1 said of themselves. */
  engine: EngineVersion.optional(),
  /** How many disks, partitions, interfaces and the like the machine has besides: a message has an end. */
  leftOut: Count.optional(),
});
export type SystemInfo = z.infer<typeof SystemInfo>;
