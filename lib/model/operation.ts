/** The kinds of work that an engine does for a task (requirement O3), as they are stored and as they are sent. */

import { z } from 'zod';
import { DiskSelector } from './disk-selector.ts';
import { ImageId, RunId, RunToken, SessionId, VersionId } from './ids.ts';
import { CapturedDisk, Compression } from './image.ts';
import { Count, MachineText, Name, Sha256 } from './names.ts';

export const ShutdownMode = z.enum(['power-off', 'reboot', 'exit']);
export type ShutdownMode = z.infer<typeof ShutdownMode>;

/** How image data reaches the hosts: auto is multicast for several hosts, unicast for one alone. */
export const TransportChoice = z.enum(['auto', 'multicast', 'unicast']);
export type TransportChoice = z.infer<typeof TransportChoice>;

/** An operation of a stored task. */
export const Operation = z.discriminatedUnion('type', [
  z.object({
    type: z.literal('capture'),
    disk: DiskSelector,
    imageName: Name,
    compression: Compression,
  }),
  z.object({
    type: z.literal('deploy'),
    disk: DiskSelector,
    imageId: ImageId,
    versionId: VersionId,
    transport: TransportChoice,
    /** How long a session waits for the task's other hosts after the first is ready. */
    gatherMs: z.number().int().nonnegative(),
  }),
  /** Writes an image's partition table and nothing else. */
  z.object({
    type: z.literal('partition'),
    disk: DiskSelector,
    imageId: ImageId,
    versionId: VersionId,
  }),
  z.object({ type: z.literal('shutdown'), mode: ShutdownMode }),
]);
export type Operation = z.infer<typeof Operation>;

/** What the server knows of the disk that the operator chose, from the host's own report. */
export const ExpectedDisk = z.object({
  serial: MachineText.nullable(),
  wwn: MachineText.nullable(),
  sizeBytes: Count,
  /** Absent in tasks of version 0.2. */
  model: MachineText.optional(),
});
export type ExpectedDisk = z.infer<typeof ExpectedDisk>;

/** What identifies the run and opens its data. */
const Assignment = z.object({
  runId: RunId,
  token: RunToken,
  operationIndex: z.number().int(),
  expectedDisk: ExpectedDisk.optional(),
});

/** The description of an image that a deploying engine needs; nothing of it is secret. */
const DeployImage = CapturedDisk.pick({
  disk: true,
  requiredBytes: true,
  compression: true,
  partitionTable: true,
  tableAreas: true,
  gaps: true,
  partitions: true,
}).extend({ imageId: ImageId, versionId: VersionId, name: Name, manifestSha256: Sha256 });
export type DeployImage = z.infer<typeof DeployImage>;

/** Where the image data comes from. */
export const ImageSource = z.discriminatedUnion('type', [
  z.object({ type: z.literal('unicast') }),
  z.object({
    type: z.literal('multicast'),
    sessionId: SessionId,
    /** UDPcast uses this port, even, and the next one. */
    portBase: z.number().int().min(1024).max(65534),
    /** Only sessions through a router need it: where receivers send their connection request. */
    rendezvousAddress: z.ipv4().max(15).nullable(),
    ttl: z.number().int().min(1).max(255),
    /** How long a receiver waits for the first byte before it gives the session up. */
    startTimeoutMs: z.number().int().positive(),
  }),
]);
export type ImageSource = z.infer<typeof ImageSource>;

/** What nextOperation answers. */
export const AssignedOperation = z.discriminatedUnion('type', [
  /** Nothing to do: the engine waits for `workAvailable`. */
  z.object({ type: z.literal('idle') }),
  Assignment.extend({
    type: z.literal('capture'),
    disk: DiskSelector,
    compression: Compression,
  }),
  Assignment.extend({
    type: z.literal('deploy'),
    disk: DiskSelector,
    image: DeployImage,
    source: ImageSource,
  }),
  Assignment.extend({
    type: z.literal('partition'),
    disk: DiskSelector,
    image: DeployImage,
  }),
  Assignment.extend({ type: z.literal('shutdown'), mode: ShutdownMode }),
]);
export type AssignedOperation = z.infer<typeof AssignedOperation>;
/** An operation that is work: everything but idle. */
export type WorkOperation = Exclude<AssignedOperation, { type: 'idle' }>;
