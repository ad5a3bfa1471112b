/** What the engine tells the server of its machine. */

import { existsSync } from 'node:fs';
import { hostname } from 'node:os';
import type { Run } from '../../lib/exec/run.ts';
import { boundedSystemInfo } from '../../lib/hosts/bounded-system-info.ts';
import { MAX_SYSTEM_INFO_BYTES } from '../../lib/model/limits.ts';
import { Hostname } from '../../lib/model/names.ts';
import { SystemInfo } from '../../lib/model/system-info.ts';
import { readBootEntries } from './boot-entries.ts';
import { readDisks } from './disks.ts';
import { readSystemIdentity } from './dmi.ts';
import { factOr } from './optional-facts.ts';
import { readInterfaces } from './interfaces.ts';
import { readMemoryBytes } from './memory.ts';
import { findOperatingSystems } from './operating-systems.ts';
import { readProcessors } from './processors.ts';

/**
 * Looks at this machine; writes to nothing. `onlyDisks` limits the disks to these addresses (hosts of the lab share
 * one /dev). A fact that cannot be found out is null, empty or 0; only without lsblk there is no result at all:
 * throws `tool-missing` or `tool-failed`.
 */
export async function collectSystemInfo(
  run: Run,
  options: { readonly onlyDisks: readonly string[] | null },
): Promise<SystemInfo> {
  const [disks, identity, processors, memoryBytes, interfaces, bootEntries] = await Promise.all([
    readDisks(run, options.onlyDisks),
    readSystemIdentity(),
    readProcessors(run),
    readMemoryBytes(),
    factOr([], () => readInterfaces(run)),
    readBootEntries(),
  ]);
  return boundedSystemInfo(
    SystemInfo.parse({
      hostname: Hostname.safeParse(hostname()).data ?? null,
      systemVendor: identity.vendor,
      systemModel: identity.model,
      systemSerial: identity.serial,
      firmware: existsSync('/sys/firmware/efi') ? 'uefi' : 'bios',
      processors: processors.slice(0, 256),
      memoryBytes,
      interfaces: interfaces.slice(0, 256),
      disks: disks.slice(0, 256),
      operatingSystems: await findOperatingSystems(run, disks),
      bootEntries,
    }),
    MAX_SYSTEM_INFO_BYTES,
  );
}
