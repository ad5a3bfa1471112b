/** lsblk(8): the block devices that the kernel has, as a tree. */

import { z } from 'zod';
import type { Run } from '../../lib/exec/run.ts';
import { Count } from '../../lib/model/count.ts';
import type { Bytes } from '../../lib/units.ts';
import { parseToolJson } from './tool-output.ts';

export type LsblkDevice = {
  readonly path: string;
  /** Name in /sys/class/block; lsblk shows "!" as "/". */
  readonly kernelName: string;
  /** disk, part, loop, rom, lvm, crypt, raid1, … */
  readonly type: string;
  readonly sizeBytes: Bytes;
  readonly logicalSectorBytes: Bytes;
  readonly physicalSectorBytes: Bytes;
  readonly vendor: string | null;
  readonly model: string | null;
  /** Without a running udev these two and `transport` are null or incomplete. */
  readonly serial: string | null;
  readonly wwn: string | null;
  readonly revision: string | null;
  readonly transport: string | null;
  readonly readOnly: boolean;
  readonly removable: boolean;
  /** "[SWAP]" for active swap space. */
  readonly mountpoints: readonly string[];
  readonly children: readonly LsblkDevice[];
};

/**
 * The trees below `addresses`, or of the whole machine when null; devices that do not exist are left out. File
 * systems and partition types are not asked for: where no udev runs, lsblk 2.38 knows none (blkid.ts does).
 * Throws `tool-missing`, `tool-failed`.
 */
export async function listBlockDevices(
  run: Run,
  addresses: readonly string[] | null,
): Promise<LsblkDevice[]> {
  // With no address at all lsblk would list every device there is.
  if (addresses?.length === 0) return [];
  const { stdout } = await run(
    'lsblk',
    ['--json', '--bytes', '--output', COLUMNS, ...(addresses ?? [])],
    { allowedStatuses: [0, STATUS_NONE_FOUND, STATUS_SOME_FOUND] },
  );
  return stdout.trim() === '' ? [] : parseLsblk(stdout);
}

/** Reads `lsblk --json --bytes` with the columns of listBlockDevices. Throws `tool-failed`. */
export function parseLsblk(text: string): LsblkDevice[] {
  return parseToolJson('lsblk', text, Output).blockdevices;
}

/** lsblk(8), EXIT STATUS: some or all of the devices named were not found. */
const STATUS_NONE_FOUND = 32;
const STATUS_SOME_FOUND = 64;

/** NAME is there because lsblk prints a tree only with it, else a flat list. */
const COLUMNS =
  'NAME,PATH,KNAME,TYPE,SIZE,LOG-SEC,PHY-SEC,VENDOR,MODEL,SERIAL,WWN,REV,TRAN,RO,RM,MOUNTPOINTS';

const Text = z
  .string()
  .nullable()
  .transform((text) => (text === null || text.trim() === '' ? null : text.trim()));

/** Null for a device that went away while lsblk looked at it: then the kernel tells nothing of its queue any more. */
const Device: z.ZodType<LsblkDevice | null> = z
  .object({
    path: z.string(),
    kname: z.string(),
    type: z.string(),
    size: Count.nullable(),
    'log-sec': z.number().int().nonnegative().nullable(),
    'phy-sec': z.number().int().nonnegative().nullable(),
    vendor: Text,
    model: Text,
    serial: Text,
    wwn: Text,
    rev: Text,
    tran: Text,
    ro: z.boolean().nullable(),
    rm: z.boolean().nullable(),
    mountpoints: z.array(z.string().nullable()),
    get children() {
      return z.array(Device).optional();
    },
  })
  .transform((device) => {
    const { 'log-sec': logicalSectorBytes, 'phy-sec': physicalSectorBytes, ro, rm } = device;
    if (logicalSectorBytes === null || physicalSectorBytes === null) return null;
    if (ro === null || rm === null) return null;
    return {
      path: device.path,
      kernelName: device.kname.replaceAll('/', '!'),
      type: device.type,
      sizeBytes: device.size ?? 0,
      logicalSectorBytes,
      physicalSectorBytes,
      vendor: device.vendor,
      model: device.model,
      serial: device.serial,
      wwn: device.wwn,
      revision: device.rev,
      transport: device.tran,
      readOnly: ro,
      removable: rm,
      mountpoints: device.mountpoints.filter((mountpoint) => mountpoint !== null),
      children: presentOf(device.children ?? []),
    };
  });

function presentOf(devices: readonly (LsblkDevice | null)[]): LsblkDevice[] {
  return devices.filter((device) => device !== null);
}

const Output = z.object({ blockdevices: z.array(Device).transform(presentOf) });
