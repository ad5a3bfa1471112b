/**
 * The firmware's own boot entries that lead to a disk (UEFI 2.10, 3.1.3 and 10.3): what it would start by itself, in its
 * own order. Only read.
 */

import { join } from 'node:path';
import { MAX_BOOT_ENTRIES, BootEntry } from '../../lib/model/system-info.ts';
import { keepValid } from './optional-facts.ts';
import { readSysfsBytes } from './sysfs.ts';

/** Where the first process mounts efivarfs. */
const VARIABLES = '/sys/firmware/efi/efivars';
/** EFI_GLOBAL_VARIABLE: the owner of the variables that the specification itself defines. */
const GLOBAL = '8be4df61-93ca-11d2-aa0d-00e098032b8c';
/** efivarfs puts the variable's attributes before its content. */
const ATTRIBUTES_BYTES = 4;
const LOAD_OPTION_ACTIVE = 0x1;

/** The entries of BootOrder that are active and name a file on a partition. None: no UEFI, or nothing readable. */
export async function readBootEntries(directory = VARIABLES): Promise<BootEntry[]> {
  const order = await readVariable(directory, 'BootOrder');
  if (order === null) return [];
  const names = Array.from({ length: Math.floor(order.length / 2) }, (_, index) => {
    const number = order.readUInt16LE(2 * index);
    return `Boot${number.toString(16).toUpperCase().padStart(4, '0')}`;
  });
  const entries: BootEntry[] = [];
  for (const name of names) {
    const content = await readVariable(directory, name);
    const entry = content === null ? null : parseLoadOption(content);
    if (entry !== null) entries.push(...keepValid(BootEntry, [entry]));
    if (entries.length === MAX_BOOT_ENTRIES) break;
  }
  return entries;
}

async function readVariable(directory: string, name: string): Promise<Buffer | null> {
  const bytes = await readSysfsBytes(join(directory, `${name}-${GLOBAL}`));
  return bytes === null || bytes.length < ATTRIBUTES_BYTES
    ? null
    : bytes.subarray(ATTRIBUTES_BYTES);
}

/**
 * An EFI_LOAD_OPTION whose device path begins at a partition (a short-form path, as operating systems write it) or leads
 * to one; null when it is off, leads elsewhere (network, firmware's own programs) or is damaged.
 */
export function parseLoadOption(option: Buffer): BootEntry | null {
  if (option.length < 6 || (option.readUInt32LE(0) & LOAD_OPTION_ACTIVE) === 0) return null;
  const pathBytes = option.readUInt16LE(4);
  let at = 6;
  while (at + 2 <= option.length && option.readUInt16LE(at) !== 0) at += 2;
  const label = option.toString('utf16le', 6, at);
  const nodes = option.subarray(at + 2, at + 2 + pathBytes);
  let partitionUuid: string | null = null;
  let path = '';
  for (const { type, subtype, data } of devicePathNodes(nodes)) {
    if (type === MEDIA && subtype === HARD_DRIVE) partitionUuid = partitionUuidOf(data);
    if (type === MEDIA && subtype === FILE_PATH) path += data.toString('utf16le');
  }
  if (partitionUuid === null) return null;
  // The end of a string of UCS-2 is part of the node.
  const file = path.split('\0')[0]?.replaceAll('\\', '/').replaceAll(/\/+/g, '/') ?? '';
  return { label, partitionUuid, path: file.startsWith('/') ? file : `/${file}` };
}

const MEDIA = 4;
const HARD_DRIVE = 1;
const FILE_PATH = 4;
const END = 0x7f;

type DevicePathNode = { readonly type: number; readonly subtype: number; readonly data: Buffer };

/** The nodes up to the end of the first path, or to where they make no sense. */
function devicePathNodes(bytes: Buffer): DevicePathNode[] {
  const nodes: DevicePathNode[] = [];
  for (let at = 0; at + 4 <= bytes.length;) {
    const type = bytes.readUInt8(at);
    const length = bytes.readUInt16LE(at + 2);
    if (type === END || length < 4 || at + length > bytes.length) break;
    nodes.push({
      type,
      subtype: bytes.readUInt8(at + 1),
      data: bytes.subarray(at + 4, at + length),
    });
    at += length;
  }
  return nodes;
}

/** As blkid writes PARTUUID: a GPT's GUID, or of an MBR the disk's signature and the partition's number. */
function partitionUuidOf(node: Buffer): string | null {
  if (node.length < 38) return null;
  const signature = node.subarray(20, 36);
  const signatureType = node.readUInt8(37);
  if (signatureType === 2) {
    const hex = (from: number, to: number): string => signature.toString('hex', from, to);
    const swapped = (from: number, to: number): string =>
      Buffer.from(signature.subarray(from, to)).reverse().toString('hex');
    return [swapped(0, 4), swapped(4, 6), swapped(6, 8), hex(8, 10), hex(10, 16)].join('-');
  }
  if (signatureType !== 1) return null;
  const disk = signature.readUInt32LE(0).toString(16).padStart(8, '0');
  return `${disk}-${node.readUInt32LE(0).toString(16).padStart(2, '0')}`;
}
