/** Hosts: the machines of the rooms, known by MAC address. */

import { z } from 'zod';
import { DiskIdentity } from './disk-identity.ts';
import { GroupId, HostId, RunId } from './ids.ts';
import { MachineText } from './machine-text.ts';
import { Hostname, MacAddress, Timestamp } from './names.ts';
import { SystemInfo } from './system-info.ts';
import { HostWorkerKind } from './worker.ts';

/** Whether an operator (or automatic registration) has taken the host in; a pending one gets no work. */
export const HostApproval = z.enum(['pending', 'approved']);
export type HostApproval = z.infer<typeof HostApproval>;

/** A disk that a run began to write and did not complete: it must not be booted from. */
export const HalfWritten = z.object({
  runId: RunId,
  /** For people. */
  disk: MachineText,
  /** Absent: an engine of version 0.2 said no more than `disk`. */
  identity: DiskIdentity.optional(),
  since: Timestamp,
});
export type HalfWritten = z.infer<typeof HalfWritten>;

/**
 * How this host goes on from the boot loader to its own disk. `site`: as the site does · `firmware`: by the firmware's own
 * boot order · `disk`: by the disk itself, for firmware that hangs or opens its setup when it is to go on.
 */
export const LocalBoot = z.enum(['site', 'firmware', 'disk']);
export type LocalBoot = z.infer<typeof LocalBoot>;

export const MAX_ACCEPTED_ADDRESSES = 8;
/** Of a laptop that goes from dock to dock. */
export const MAX_SEEN_ADDRESSES = 16;

export const Host = z.object({
  id: HostId,
  /** The name operators see; a new host is called after its MAC address. */
  name: Hostname,
  mac: MacAddress,
  groupId: GroupId.nullable(),
  /** As an operator set it; null means the one the firmware reports. */
  serialNumber: MachineText.nullable(),
  ipAddress: z.ipv4().max(15).nullable(),
  registeredAt: Timestamp,
  /** Null: an operator entered it and its engine has never been here. */
  lastSeenAt: Timestamp.nullable(),
  systemInfo: SystemInfo.nullable(),
  approval: HostApproval,
  /** Set while a disk of the host is half written: then it boots the engine, which says so. */
  halfWritten: HalfWritten.nullable(),
  /** Other disks of the host in that state, the latest first; none while `halfWritten` is null. */
  alsoHalfWritten: z.array(HalfWritten).max(31).default([]),
  /** Its engine has once sent from a network adapter of its own, as the server's neighbour table says: it must always. */
  hasOwnAddress: z.boolean().optional(),
  /** Adapters that an operator has accepted as its own besides those it names. */
  acceptedAddresses: z.array(MacAddress).max(MAX_ACCEPTED_ADDRESSES).optional(),
  /** Adapters that its engine has sent from, the latest last: what was the host's own once is not foreign later. */
  seenAddresses: z.array(MacAddress).max(MAX_SEEN_ADDRESSES).optional(),
  /** An operator asked for a shell on the host's own console, for the next boot of the engine. */
  debugShell: z.boolean(),
  localBoot: LocalBoot.default('site'),
});
export type Host = z.infer<typeof Host>;

/** Whether a worker of the host is connected now, and what it does. */
export const HostState = z.enum(['off', 'idle', 'working']);
export type HostState = z.infer<typeof HostState>;

/** A machine that said it was a host, and was refused: it is not the one that the host has been. */
export const OtherMachine = z.object({
  /** As it told; null: it told none that identifies a machine. */
  serialNumber: MachineText.nullable(),
  /** Where it connected from. */
  address: z.string().max(64),
  at: Timestamp,
  /** The network adapter that it sent from, when that was what it was refused for. */
  hardwareAddress: MacAddress.optional(),
  /** It came through a router, while the host is in one of the server's own subnets. */
  isRouted: z.boolean().optional(),
});
export type OtherMachine = z.infer<typeof OtherMachine>;

/** The most that are kept of a host, the latest of each address. */
export const MAX_OTHER_MACHINES = 5;

export const HostView = Host.extend({
  state: HostState,
  groupName: z.string().max(64).nullable(),
  /** Which workers of it are connected, so in which of its systems it is; absent: an older server. */
  workers: z.array(HostWorkerKind).max(HostWorkerKind.options.length).optional(),
  /** Where its worker connects from; null when there is none. */
  address: z.string().max(64).nullable(),
  /** Oldest first; absent: none. An operator may take one of them for the host. */
  otherMachines: z.array(OtherMachine).max(MAX_OTHER_MACHINES).optional(),
});
export type HostView = z.infer<typeof HostView>;

/** The host's disks that must not be booted from, the latest first. */
export function halfWrittenDisks({
  halfWritten,
  alsoHalfWritten,
}: Pick<Host, 'halfWritten' | 'alsoHalfWritten'>): HalfWritten[] {
  return halfWritten === null ? [] : [halfWritten, ...alsoHalfWritten];
}
