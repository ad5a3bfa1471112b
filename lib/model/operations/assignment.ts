/** What every assigned operation says, and what is said of images in it. */

import { z } from 'zod';
import { ImageId, RunId, RunToken, SessionId, VersionId } from '../ids.ts';
import { CapturedDisk } from '../image.ts';
import { MachineText } from '../machine-text.ts';
import { Count } from '../count.ts';
import { Name, Sha256 } from '../names.ts';

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
export const Assignment = z.object({
  runId: RunId,
  token: RunToken,
  operationIndex: z.number().int(),
  expectedDisk: ExpectedDisk.optional(),
});
export type Assignment = z.infer<typeof Assignment>;

/** The description of an image that a deploying engine needs; nothing of it is secret. */
export const DeployImage = CapturedDisk.pick({
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
