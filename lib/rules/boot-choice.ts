/** What each host boots when it is switched on: decided from what is stored alone (docs/design/netboot.md). */

import type { Host, LocalBoot } from '../model/host.ts';
import type { Settings } from '../model/settings.ts';
import type { Task } from '../model/task.ts';
import type { MacAddress } from '../model/names.ts';
import { isRegistrationOpen } from './registration.ts';
import { ownDiskOf, type OwnDisk } from '../disk/own-disk.ts';
import type { StartPlace } from '../model/worker.ts';
import { nextPlaces } from './next-place.ts';

/** `debug`: with a shell on the host's own console. */
export type BootChoice = 'disk' | 'engine' | 'engine-debug';

/** How a boot loader goes on to a host's own disk. */
export type DiskBoot = {
  readonly localBoot: LocalBoot;
  /** Null: nothing is known of the host's disks. */
  readonly own: OwnDisk | null;
};

export const UNKNOWN_DISK: DiskBoot = { localBoot: 'site', own: null };

export type BootChoices = {
  /** Hosts with a choice of their own, by each of their MAC addresses. */
  readonly byMac: ReadonlyMap<MacAddress, BootChoice>;
  /** Of them, those for which more is known of the disk than what everybody else is told. */
  readonly disks: ReadonlyMap<MacAddress, DiskBoot>;
  /** What everybody else boots. */
  readonly others: BootChoice;
};

/**
 * `isServing` is false when the server stops: then no unknown host is to be registered. `now` is milliseconds since
 * 1970: hosts that were cut off are waited for only a limited time.
 */
export type BootState = {
  readonly hasBuild: boolean;
  readonly isServing: boolean;
  readonly now: number;
};

/** What the choice is made of. */
export type BootFacts = {
  readonly hosts: readonly Host[];
  readonly tasks: readonly Task[];
  readonly settings: Settings;
};

export function bootChoices(
  { hosts, tasks, settings }: BootFacts,
  { hasBuild, isServing, now }: BootState,
): BootChoices {
  // An engine that cannot be loaded is worse than the disk.
  const isOpen = hasBuild && isRegistrationOpen(settings, now);
  const others = isOpen && isServing ? 'engine' : 'disk';
  const places = nextPlaces(tasks, { now, isServing });
  const byMac = new Map<MacAddress, BootChoice>();
  const disks = new Map<MacAddress, DiskBoot>();
  const add = (mac: MacAddress, choice: BootChoice, disk: DiskBoot): void => {
    // Where unknown hosts get the engine, who is known needs a file to boot the disk; elsewhere only for what is known of it.
    const isSpecial = choice !== 'disk' || !isUnknown(disk);
    if (isSpecial || isOpen) byMac.set(mac, choice);
    // An adapter that was seen in several hosts tells nothing of the disk.
    if (!isUnknown(disk)) disks.set(mac, disks.has(mac) ? UNKNOWN_DISK : disk);
  };
  const own = new Set(hosts.map(({ mac }) => mac));
  for (const host of hosts) {
    const choice = hasBuild ? choiceOf(host, places.get(host.id)) : 'disk';
    const disk = diskBootOf(host);
    add(host.mac, choice, disk);
    for (const { mac } of host.systemInfo?.interfaces ?? []) {
      // An adapter that is carried about belongs to the host that is known by it.
      if (own.has(mac)) continue;
      add(mac, choice === 'disk' ? (byMac.get(mac) ?? choice) : choice, disk);
    }
  }
  return { byMac, disks, others };
}

/** Hosts that did not change are the same objects: a room of thousands is looked at once, not with every change. */
const DISK_BOOTS = new WeakMap<Host, DiskBoot>();

function diskBootOf(host: Host): DiskBoot {
  const known = DISK_BOOTS.get(host);
  if (known !== undefined) return known;
  const disk = { localBoot: host.localBoot, own: ownDiskOf(host) };
  DISK_BOOTS.set(host, disk);
  return disk;
}

function isUnknown({ localBoot, own }: DiskBoot): boolean {
  return localBoot === 'site' && own === null;
}

/** What one host boots, by the same rules. */
export function bootChoiceOf(
  host: Host,
  { tasks }: Pick<BootFacts, 'tasks'>,
  { hasBuild, isServing, now }: BootState,
): BootChoice {
  return hasBuild ? choiceOf(host, nextPlaces(tasks, { now, isServing }).get(host.id)) : 'disk';
}

function choiceOf(host: Host, place: StartPlace | undefined): BootChoice {
  const needsEngine =
    host.approval === 'approved' && (place === 'engine' || host.halfWritten !== null);
  if (!needsEngine) return 'disk';
  return host.debugShell ? 'engine-debug' : 'engine';
}
