/** Whether anything uses a disk, and what: asked before it is captured or written. */

import { constants } from 'node:fs';
import { open, readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { unreachable } from '../../lib/unreachable.ts';
import { blockDeviceNumber, findBlockDevice } from '../system-info/block-device.ts';
import { factOr } from '../system-info/optional-facts.ts';
import { readSysfs } from '../system-info/sysfs.ts';
import { listMounts, type Mount } from '../tools/findmnt.ts';
import { findOpenDevices, findOtherMountNamespaces } from './processes.ts';
import { readStack, type StackLink } from './stacked-devices.ts';

/** `device` is always the address of the disk, of a partition of it, or of a device built on one of them. */
export type Holder =
  | { readonly type: 'mount'; readonly device: string; readonly mountpoint: string }
  /** Mounted where this process cannot see it: in the mount namespace of that process. */
  | {
      readonly type: 'foreign-mount';
      readonly device: string;
      readonly mountpoint: string;
      readonly pid: number;
      readonly processName: string;
    }
  | { readonly type: 'swap-area'; readonly device: string }
  /** A device-mapper, RAID or bcache device; `name` is device-mapper's. */
  | {
      readonly type: 'kernel-device';
      readonly device: string;
      readonly upper: string;
      readonly name: string | null;
    }
  | { readonly type: 'loop'; readonly device: string; readonly upper: string }
  | {
      readonly type: 'process';
      readonly device: string;
      readonly pid: number;
      readonly processName: string;
      readonly forWriting: boolean;
    }
  /** The kernel says that somebody has the disk for himself; who cannot be found out. */
  | { readonly type: 'unknown'; readonly device: string };

/**
 * Whatever uses the disk at `address` or anything on it. Processes count when they have it open for writing; those
 * that only read count when nothing else explains why the disk cannot be had alone. Throws `disk-not-found`,
 * `tool-missing`, `tool-failed`.
 */
export async function findHolders(run: Run, address: string): Promise<Holder[]> {
  const { devices, links } = await readStack(await findBlockDevice(address));
  const addresses = new Map(devices.map((device) => [device.deviceNumber, device.address]));
  for (const [number, device] of await btrfsMembers(addresses)) addresses.set(number, device);

  const claims: Holder[] = [
    ...links.map(holderOfLink),
    ...(await mountedFrom(addresses, await listMounts(run, null))),
    ...(await findSwap(addresses)),
  ];
  const processes = await findOpenDevices(new Set(devices.map((device) => device.deviceNumber)));
  const open = processes.map((process): Holder & { type: 'process' } => ({
    type: 'process',
    device: addresses.get(process.deviceNumber) ?? address,
    pid: process.pid,
    processName: process.processName,
    forWriting: process.forWriting,
  }));
  const writers = open.filter(({ forWriting, pid }) => forWriting && pid !== process.pid);

  // A loop device does not claim what it lies on, so it explains nothing.
  const explained = claims.some(({ type }) => type !== 'loop');
  if (explained || !(await isClaimed(address))) return [...claims, ...writers];
  const foreign = await findForeignMounts(run, addresses);
  if (foreign.length > 0) return [...claims, ...foreign, ...writers];
  return [...claims, ...(open.length > 0 ? open : [{ type: 'unknown' as const, device: address }])];
}

/** Throws `disk-busy` that names everything that uses the disk and how to end that, and what findHolders throws. */
export async function checkNotBusy(run: Run, address: string): Promise<void> {
  const holders = await findHolders(run, address);
  if (holders.length === 0) return;
  throw new OperatorError({
    code: 'disk-busy',
    message: `checking that nothing uses ${address}: ${holders.map(describeHolder).join('; ')}`,
    hint: `Release the disk and try again: ${[...new Set(holders.map(howToRelease))].join('; ')}.`,
  });
}

/** "/dev/loop3p1 is mounted on /mnt". */
export function describeHolder(holder: Holder): string {
  switch (holder.type) {
    case 'mount':
      return `${holder.device} is mounted on ${holder.mountpoint}`;
    case 'foreign-mount':
      return `${holder.device} is mounted on ${holder.mountpoint} in the mount namespace of process ${holder.pid} (${holder.processName})`;
    case 'swap-area':
      return `${holder.device} is in use as swap space`;
    case 'kernel-device':
      return `${holder.device} is part of ${holder.upper}${holder.name === null ? '' : ` (${holder.name})`}`;
    case 'loop':
      return `${holder.device} is attached to ${holder.upper}`;
    case 'process':
      return `process ${holder.pid} (${holder.processName}) has ${holder.device} open${holder.forWriting ? ' for writing' : ''}`;
    case 'unknown':
      return `something in the kernel has ${holder.device} for itself`;
    default:
      return unreachable(holder);
  }
}

function howToRelease(holder: Holder): string {
  switch (holder.type) {
    case 'mount':
      return `umount ${shellWord(holder.mountpoint)}`;
    case 'foreign-mount':
      return `nsenter --mount --target ${holder.pid} umount ${shellWord(holder.mountpoint)}`;
    case 'swap-area':
      return `swapoff ${holder.device}`;
    case 'kernel-device':
      return `stop ${holder.upper} (vgchange -an, cryptsetup close, mdadm --stop)`;
    case 'loop':
      return `losetup --detach ${holder.upper}`;
    case 'process':
      return `end process ${holder.pid}, or wait for it`;
    case 'unknown':
      return 'look for ZFS pools, iSCSI or NVMe targets, or boot the host from the network';
    default:
      return unreachable(holder);
  }
}

/** For people to paste into a shell. */
function shellWord(text: string): string {
  return /^[\w/.,:@%+-]+$/.test(text) ? text : `'${text.replaceAll("'", "'\\''")}'`;
}

function holderOfLink(link: StackLink): Holder {
  const ends = { device: link.lower.address, upper: link.upper.address };
  return link.type === 'loop'
    ? { type: 'loop', ...ends }
    : { type: 'kernel-device', ...ends, name: link.upperName };
}

/** Device numbers to addresses. */
type Addresses = ReadonlyMap<string, string>;

type MountHolder = Extract<Holder, { type: 'mount' }>;

async function mountedFrom(addresses: Addresses, mounts: readonly Mount[]): Promise<MountHolder[]> {
  const holders = await Promise.all(
    mounts.map(async ({ mountpoint, source, deviceNumber }): Promise<MountHolder[]> => {
      const device =
        addresses.get(deviceNumber) ??
        // btrfs has a number of its own: there the name of the device has to do.
        (source.startsWith('/dev/')
          ? addresses.get((await blockDeviceNumber(source)) ?? '')
          : undefined);
      return device === undefined ? [] : [{ type: 'mount', device, mountpoint }];
    }),
  );
  return holders.flat();
}

/**
 * A mounted btrfs names but one of its devices as the source. For every one in use that lies on ours, the numbers of its
 * other devices, with the address of ours (/sys/fs/btrfs/UUID/devices).
 */
async function btrfsMembers(addresses: Addresses): Promise<[string, string][]> {
  const root = '/sys/fs/btrfs';
  const filesystems = await listOrEmpty(root);
  const members = await Promise.all(
    filesystems.map(async (filesystem): Promise<[string, string][]> => {
      const directory = join(root, filesystem, 'devices');
      const names = await listOrEmpty(directory);
      const numbers = (
        await Promise.all(names.map((name) => readSysfs(join(directory, name, 'dev'))))
      ).filter((number) => number !== null);
      const ours = numbers.map((number) => addresses.get(number)).find((one) => one !== undefined);
      if (ours === undefined) return [];
      return numbers
        .filter((number) => !addresses.has(number))
        .map((number): [string, string] => [number, ours]);
    }),
  );
  return members.flat();
}

async function listOrEmpty(directory: string): Promise<string[]> {
  try {
    return await readdir(directory);
  } catch (error) {
    if (error instanceof Error && 'code' in error) return [];
    throw error;
  }
}

async function findForeignMounts(run: Run, addresses: Addresses): Promise<Holder[]> {
  const holders: Holder[] = [];
  for (const { pid, processName } of await findOtherMountNamespaces()) {
    // A process that has ended since takes its namespace with it, or another one shows it.
    const mounts = await factOr([], () => listMounts(run, pid));
    for (const { device, mountpoint } of await mountedFrom(addresses, mounts)) {
      holders.push({ type: 'foreign-mount', device, mountpoint, pid, processName });
    }
  }
  return holders;
}

async function findSwap(addresses: Addresses): Promise<Holder[]> {
  const files = parseSwaps((await readSysfs('/proc/swaps')) ?? '');
  const holders = await Promise.all(
    files.map(async (file): Promise<Holder[]> => {
      const device = addresses.get((await blockDeviceNumber(file)) ?? '');
      return device === undefined ? [] : [{ type: 'swap-area', device }];
    }),
  );
  return holders.flat();
}

/** The devices and files of /proc/swaps; space, tab, newline and backslash are octal escapes there. */
export function parseSwaps(text: string): string[] {
  return text
    .split('\n')
    .slice(1)
    .flatMap((line) => {
      const name = line.split(/\s/, 1)[0] ?? '';
      return name === ''
        ? []
        : [
            name.replace(/\\([0-7]{3})/g, (_, octal: string) =>
              String.fromCharCode(Number.parseInt(octal, 8)),
            ),
          ];
    });
}

/**
 * Whether somebody has the device, or a partition of it, for himself: mounts, swap, RAID and device-mapper claim it,
 * and O_EXCL without O_CREAT fails then (open(2)). A process that has it open plainly claims nothing.
 */
async function isClaimed(address: string): Promise<boolean> {
  try {
    const file = await open(address, constants.O_RDONLY | constants.O_EXCL);
    await file.close();
    return false;
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'EBUSY') return true;
    throw new OperatorError({
      code: 'disk-read-failed',
      message: `opening ${address}`,
      hint: 'See whether the disk is still connected and whether the engine runs as root.',
      cause: error,
    });
  }
}
