/** blkid(8): what lies on a block device, read from the device itself. */

import type { Run } from '../../lib/exec/run.ts';

export type BlkidProbe = {
  /** As blkid names it: ext4, ntfs, vfat, swap, crypto_LUKS, …; null for none, or when signatures contradict. */
  readonly filesystemType: string | null;
  readonly filesystemUuid: string | null;
  readonly filesystemLabel: string | null;
  /** dos, gpt, mac, …: the table on this device; an extended partition has one of type dos. */
  readonly tableType: string | null;
  /** From the table that this partition is in: "0x83", or a GPT type GUID in capitals; null for a whole disk. */
  readonly partitionType: string | null;
  readonly partitionName: string | null;
  /** Of that table, in lower case: a GUID, or an MBR's signature with the partition's number. */
  readonly partitionUuid: string | null;
  /** False when the device could not be opened or read: then all the others are null. */
  readonly readable: boolean;
};

/** Probes `address` past blkid's cache (`-p`). Throws `tool-missing`, `tool-failed`. */
export async function probeDevice(run: Run, address: string): Promise<BlkidProbe> {
  const { stdout, stderr, exitStatus } = await run('blkid', ['-p', '-o', 'udev', address], {
    allowedStatuses: [0, STATUS_NOTHING, STATUS_AMBIVALENT],
    // A dying disk may take minutes for each sector.
    timeoutMs: 20_000,
  });
  // Status 2 is for nothing found as well as for a device that cannot be opened; only the latter is talked about.
  return { ...parseBlkid(stdout), readable: exitStatus !== STATUS_NOTHING || stderr.trim() === '' };
}

/** Reads `blkid -p -o udev`: lines KEY=value, values that end in _ENC with bytes escaped as \xHH. */
export function parseBlkid(text: string): Omit<BlkidProbe, 'readable'> {
  const values = new Map<string, string>();
  for (const line of text.split('\n')) {
    const at = line.indexOf('=');
    if (at > 0) values.set(line.slice(0, at), line.slice(at + 1));
  }
  const encoded = (key: string): string | null => {
    const value = values.get(key);
    return value === undefined || value === '' ? null : decodeHexEscapes(value);
  };
  const partitionType = values.get('ID_PART_ENTRY_TYPE');
  return {
    filesystemType: values.get('ID_FS_TYPE') ?? null,
    filesystemUuid: encoded('ID_FS_UUID_ENC'),
    // FAT has its label in the root directory, or (older formatters) in the boot sector alone.
    filesystemLabel: encoded('ID_FS_LABEL_ENC') ?? encoded('ID_FS_LABEL_FATBOOT_ENC'),
    tableType: values.get('ID_PART_TABLE_TYPE') ?? null,
    partitionType: partitionType === undefined ? null : normalPartitionType(partitionType),
    partitionName: encoded('ID_PART_ENTRY_NAME'),
    partitionUuid: values.get('ID_PART_ENTRY_UUID')?.toLowerCase() ?? null,
  };
}

/** blkid(8), EXIT STATUS. */
const STATUS_NOTHING = 2;
const STATUS_AMBIVALENT = 8;

function decodeHexEscapes(value: string): string {
  const pieces = value.split(/\\x([0-9a-fA-F]{2})/);
  return Buffer.concat(
    pieces.map((piece, index) => Buffer.from(piece, index % 2 === 1 ? 'hex' : 'utf8')),
  ).toString('utf8');
}

/** "0x7" → "0x07"; GUIDs in capitals, as lib/model/partition-table.ts writes them. */
function normalPartitionType(type: string): string {
  return type.startsWith('0x') ? `0x${type.slice(2).padStart(2, '0')}` : type.toUpperCase();
}
