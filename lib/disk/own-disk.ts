/**
 * Where a host's own system starts, as its inventory tells: so that "the host's own disk" means the disk that its firmware
 * would start, and never a stick that somebody has put in.
 */

import { filesystemTraits } from '../filesystems/kinds.ts';
import type { Host } from '../model/host.ts';
import type { BootEntry, Disk, DiskPartition, SystemInfo } from '../model/system-info.ts';
import { UEFI_LOADERS } from '../boot/uefi-loaders.ts';

/** A loader on a FAT file system of a disk that is built in. */
export type OwnLoader = {
  /** FAT's serial number as blkid and GRUB write it, "1A2B-3C4D": no other partition of the host has it. */
  readonly filesystemUuid: string;
  /** Absolute, with slashes. */
  readonly path: string;
};

export type OwnDisk = {
  /** For UEFI, in the order in which they are tried. */
  readonly loaders: readonly OwnLoader[];
  /** For a BIOS: the signature of the only built-in disk that has boot code; null when that is not one. */
  readonly diskSignature: string | null;
};

/** Null when nothing is known: the host was never in the engine, or is not approved. */
export function ownDiskOf({ approval, systemInfo }: Host): OwnDisk | null {
  // What an unapproved host reports must not decide what it boots.
  if (approval !== 'approved' || systemInfo === null) return null;
  const loaders = loadersOf(systemInfo);
  const diskSignature = signatureOf(systemInfo.disks);
  return loaders.length === 0 && diskSignature === null ? null : { loaders, diskSignature };
}

/** Disks that come and go do not count: sticks, cards, disks on a USB cable. */
function isBuiltIn({ removable, transport }: Disk): boolean {
  return !removable && transport !== 'usb';
}

/** The firmware's own order first, then what is on its partitions for loaders, whatever the order has. */
function loadersOf({ bootEntries = [], disks }: SystemInfo): OwnLoader[] {
  const partitions = disks.filter(isBuiltIn).flatMap((disk) => disk.partitions);
  const loaders = [
    ...bootEntries.flatMap((entry) => loaderOf(entry, partitions)),
    ...partitions.filter(isEfiSystem).flatMap((partition) => {
      const filesystemUuid = fatSerialOf(partition);
      return filesystemUuid === null ? [] : UEFI_LOADERS.map((path) => ({ filesystemUuid, path }));
    }),
  ];
  // What a copy of the disk has too, wherever it is plugged in, leads to the one that GRUB finds first.
  const serials = disks.flatMap((disk) => disk.partitions).map(fatSerialOf);
  const isUnique = (serial: string): boolean =>
    serials.filter((each) => each === serial).length === 1;
  const seen = new Set<string>();
  return loaders.filter(({ filesystemUuid, path }) => {
    if (!isUnique(filesystemUuid)) return false;
    const key = `${filesystemUuid}${path.toLowerCase()}`;
    if (seen.has(key)) return false;
    seen.add(key);
    return true;
  });
}

/** Some firmware names a partition only, and starts the default loader there. */
function loaderOf(
  { partitionUuid, path }: BootEntry,
  partitions: readonly DiskPartition[],
): OwnLoader[] {
  const found = partitions.filter(({ uuid }) => uuid === partitionUuid);
  const [partition] = found;
  if (partition === undefined || found.length > 1) return [];
  const filesystemUuid = fatSerialOf(partition);
  const file = path === '/' ? DEFAULT_LOADER : path;
  return filesystemUuid === null || !PLAIN_PATH.test(file) ? [] : [{ filesystemUuid, path: file }];
}

const DEFAULT_LOADER = '/EFI/BOOT/BOOTX64.EFI';
/** Nothing that a boot loader's script could read as more than a path. */
const PLAIN_PATH = /^(\/[A-Za-z0-9][A-Za-z0-9._-]*)+\.efi$/i;
const FAT_SERIAL = /^[0-9A-F]{4}-[0-9A-F]{4}$/;

function fatSerialOf({ filesystem }: DiskPartition): string | null {
  if (filesystemTraits(filesystem?.type ?? null).isOfFirmware !== true) return null;
  const uuid = filesystem?.uuid?.toUpperCase() ?? '';
  return FAT_SERIAL.test(uuid) ? uuid : null;
}

/** GPT's type and MBR's (UEFI 2.10, 5.3.3 and 5.2.2). */
const EFI_SYSTEM_TYPES: readonly string[] = ['C12A7328-F81F-11D2-BA4B-00A0C93EC93B', '0xef'];

function isEfiSystem({ typeCode }: DiskPartition): boolean {
  return EFI_SYSTEM_TYPES.includes(typeCode);
}

function signatureOf(disks: readonly Disk[]): string | null {
  const bootable = disks.filter((disk) => isBuiltIn(disk) && disk.bootSector?.hasCode === true);
  const [only] = bootable;
  if (only === undefined || bootable.length > 1) return null;
  const signature = only.bootSector?.signature ?? null;
  // Two disks with one signature: which of them is found first is chance.
  const same = disks.filter(({ bootSector }) => bootSector?.signature === signature);
  return same.length === 1 ? signature : null;
}
