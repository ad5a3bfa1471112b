/** Which disk can be written in every one of many hosts, and why another cannot: before a task is made. */

import type { DiskSelector } from '../model/disk-selector.ts';
import type { Host } from '../model/host.ts';
import type { Disk } from '../model/system-info.ts';
import type { Bytes } from '../units.ts';
import { fitFaults, type DiskDemand, type FitFault } from './layout/fit.ts';

/** Why a disk cannot be taken; `hosts` are the names of those that it is about. */
export type DiskFault =
  /** No such disk. */
  | { readonly type: 'missing'; readonly hosts: readonly string[] }
  /** More than one fixed disk: which one is not said. */
  | { readonly type: 'ambiguous'; readonly hosts: readonly string[] }
  | {
      readonly type: 'too-small';
      readonly hosts: readonly string[];
      /** Of the smallest disk of all hosts. */
      readonly presentBytes: Bytes;
      readonly neededBytes: Bytes;
    }
  | { readonly type: 'sector-size'; readonly hosts: readonly string[] }
  | { readonly type: 'read-only'; readonly hosts: readonly string[] };

export type DiskChoice = {
  readonly selector: Extract<DiskSelector, { readonly type: 'only' | 'address' }>;
  /** The disk of each host that has told of one. */
  readonly disks: readonly { readonly hostName: string; readonly disk: Disk }[];
  /** Of those; null when no host has told of any. */
  readonly smallestBytes: Bytes | null;
  readonly fault: DiskFault | null;
};

type Known = Pick<Host, 'name' | 'systemInfo'>;

/**
 * "The only fixed disk", then every address that means another one; those that can be taken come first. Hosts that have
 * never been here say nothing: their disks are looked at when they come. `demands`: of each image that is to go onto the disk.
 */
export function diskChoices(hosts: readonly Known[], demands: readonly DiskDemand[]): DiskChoice[] {
  const known = hosts.flatMap(({ name, systemInfo }) =>
    systemInfo === null ? [] : [{ hostName: name, disks: systemInfo.disks }],
  );
  const addresses = [
    ...new Set(known.flatMap(({ disks }) => disks.map(({ address }) => address))),
  ].toSorted();
  const only = choiceOf({ type: 'only' }, known, demands);
  const byAddress = addresses.map((value) => choiceOf({ type: 'address', value }, known, demands));
  // Where "the only fixed disk" can be taken, its address says the same once more.
  const others = only.fault === null ? byAddress.filter((each) => !isSame(each, only)) : byAddress;
  const choices = [only, ...others];
  return choices.toSorted(
    (one, other) => Number(one.fault !== null) - Number(other.fault !== null),
  );
}

/** Whether two choices mean the same disk in every host. */
function isSame(one: DiskChoice, other: DiskChoice): boolean {
  return (
    one.disks.length === other.disks.length &&
    one.disks.every(({ disk }, at) => disk === other.disks[at]?.disk)
  );
}

/** The disks of a host that `selector` can mean. */
function meant(disks: readonly Disk[], selector: DiskChoice['selector']): readonly Disk[] {
  return selector.type === 'only'
    ? disks.filter(({ removable }) => !removable)
    : disks.filter(({ address }) => address === selector.value);
}

function choiceOf(
  selector: DiskChoice['selector'],
  known: readonly { readonly hostName: string; readonly disks: readonly Disk[] }[],
  demands: readonly DiskDemand[],
): DiskChoice {
  const found = known.map(({ hostName, disks }) => ({ hostName, disks: meant(disks, selector) }));
  const chosen = found.flatMap(({ hostName, disks: [disk, another] }) =>
    disk === undefined || another !== undefined ? [] : [{ hostName, disk }],
  );
  const namesOf = (isMeant: (disks: readonly Disk[]) => boolean): string[] =>
    found.filter(({ disks }) => isMeant(disks)).map(({ hostName }) => hostName);
  const isUnfit =
    (type: FitFault['type']) =>
    ([disk]: readonly Disk[]): boolean =>
      disk !== undefined &&
      demands.some((demand) => fitFaults(demand, disk).some((each) => each.type === type));
  const sizes = chosen.map(({ disk }) => disk.sizeBytes);
  return {
    selector,
    disks: chosen,
    smallestBytes: sizes.length === 0 ? null : Math.min(...sizes),
    fault: firstOf([
      { type: 'missing', hosts: namesOf(({ length }) => length === 0) },
      { type: 'ambiguous', hosts: namesOf(({ length }) => length > 1) },
      {
        type: 'too-small',
        hosts: namesOf(isUnfit('too-small')),
        presentBytes: sizes.length === 0 ? 0 : Math.min(...sizes),
        neededBytes: Math.max(0, ...demands.map(({ requiredBytes }) => requiredBytes)),
      },
      { type: 'sector-size', hosts: namesOf(isUnfit('sector-size')) },
      { type: 'read-only', hosts: namesOf(isUnfit('read-only')) },
    ]),
  };
}

function firstOf(faults: readonly DiskFault[]): DiskFault | null {
  return faults.find(({ hosts }) => hosts.length > 0) ?? null;
}
