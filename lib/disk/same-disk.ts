/** Whether two descriptions are of one disk. The only place where that is decided. */

import type { DiskIdentity } from '../model/disk-identity.ts';

/** A description may lack what its program did not say; it must have serial number, WWN and size. */
export type KnownDisk = Pick<DiskIdentity, 'serial' | 'wwn' | 'sizeBytes'> & {
  readonly model?: string | undefined;
  readonly address?: string | undefined;
};

/**
 * By serial number, WWN, model and size, all of which must be the same: a disk does not lose its number, so one that has
 * none is another disk than one that has. Where there is neither number only the address tells two disks of a model
 * apart, and it must be the same, too. What one of them does not say is not compared.
 */
export function isSameDisk(one: KnownDisk, other: KnownDisk): boolean {
  if (one.sizeBytes !== other.sizeBytes) return false;
  if (one.serial !== other.serial || one.wwn !== other.wwn) return false;
  if (!isEqualOrUnsaid(one.model, other.model)) return false;
  const isNamed = one.serial !== null || one.wwn !== null;
  return isNamed || isEqualOrUnsaid(one.address, other.address);
}

function isEqualOrUnsaid(one: string | undefined, other: string | undefined): boolean {
  return one === undefined || other === undefined || one === other;
}

/** What of a disk identifies it. */
export function identityOf(disk: DiskIdentity): DiskIdentity {
  const { model, serial, wwn, sizeBytes, address } = disk;
  return { model, serial, wwn, sizeBytes, address };
}
