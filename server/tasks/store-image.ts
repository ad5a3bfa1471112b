/** The end of a capture: the streams that came in become a version of an image, or nothing does. */

import { OperatorError } from '../../lib/errors.ts';
import type { Host } from '../../lib/model/host.ts';
import { ImageId, VersionId, type RunId } from '../../lib/model/ids.ts';
import {
  IMAGE_FORMAT_VERSION,
  MAX_IMAGE_WARNINGS,
  streamsOf,
  type CapturedDisk,
  type Image,
  type ImageVersion,
  type Manifest,
} from '../../lib/model/image.ts';
import type { Message } from '../../lib/model/message.ts';
import { imageMade } from '../../lib/model/operation.ts';
import type { Run, Task } from '../../lib/model/task.ts';
import { PROGRAM_VERSION } from '../../lib/protocol/version.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import { isSameName } from '../../lib/rules/same-name.ts';
import type { Store } from '../store/store.ts';
import { refuseProtected } from './captures.ts';

/**
 * Commits the staged streams of `run` and makes the image known by its name, the new version first. The ids come from
 * the run, so that a capture that is reported twice is stored once. `said`: the description that came with the report,
 * as it does from an engine of version 0.2. Throws what the image store throws.
 */
export async function storeCapturedImage(
  { store, images }: { readonly store: Store; readonly images: ImageStore },
  { task, run, host, said }: { task: Task; run: Run; host: Host; said: CapturedDisk | undefined },
): Promise<void> {
  const name = captureName(task, run);
  const versionId = versionIdOf(run.id);
  const known = store.read().images;
  if (isCaptured(known, run.id)) return;
  refuseProtected(known, name);
  const existing = known.find((image) => isSameName(image.name, name));
  const imageId = existing?.id ?? imageIdOf(run.id);
  const captured = said ?? (await images.readDescription(run.id, { imageId, versionId }));
  const capturedAt = new Date().toISOString();
  const manifest: Manifest = {
    ...captured,
    formatVersion: IMAGE_FORMAT_VERSION,
    imageId,
    versionId,
    name,
    capturedAt,
    host: { id: host.id, name: host.name, mac: host.mac },
    program: `OpenClone ${PROGRAM_VERSION}`,
  };
  const { manifestSha256, storedBytes } = await images.commit(run.id, manifest);
  const warnings = warningsOf(run);
  const version: ImageVersion = {
    id: versionId,
    capturedAt,
    hostId: host.id,
    hostName: host.name,
    manifestSha256,
    diskSizeBytes: captured.disk.sizeBytes,
    sectorSizeBytes: captured.disk.logicalSectorBytes,
    requiredBytes: captured.requiredBytes,
    storedBytes,
    rawBytes: streamsOf(captured).reduce((sum, stream) => sum + stream.rawBytes, 0),
    compression: captured.compression,
    tableType: captured.partitionTable.type,
    partitionCount: captured.partitions.length,
    ...(warnings.length === 0 ? {} : { warnings }),
  };
  const stored = store.change((data) => {
    const image = data.images.find((candidate) => candidate.id === imageId);
    refuseProtected(data.images, name);
    if (image !== undefined) image.versions.unshift(version);
    else if (existing !== undefined) throw deletedMeanwhile(name);
    else {
      const isProtected = false;
      data.images.push({
        id: imageId,
        name,
        createdAt: capturedAt,
        isProtected,
        versions: [version],
      });
    }
  });
  await stored.catch(async (error: unknown) => {
    // Refused, and not for a store that could not be written: then the engine asks again.
    if (error instanceof OperatorError && error.code !== 'store-write-failed') {
      await images.deleteVersion(imageId, versionId);
    }
    throw error;
  });
}

/** What the steps of the capture warned of; a capture that was restarted has earlier steps, which say nothing of this image. */
function warningsOf({ steps }: Run): Message[] {
  const first = steps.findLastIndex(({ id }) => id === 'check-source');
  const notes = steps
    .slice(Math.max(0, first))
    .flatMap(({ state, notes: said }) => (state === 'warned' ? said : []));
  const once = new Map(notes.map((note) => [JSON.stringify(note), note]));
  return [...once.values()].slice(0, MAX_IMAGE_WARNINGS);
}

/** Whether what `runId` captured is stored. */
export function isCaptured(images: readonly Image[], runId: RunId): boolean {
  const versionId = versionIdOf(runId);
  return images.some(({ versions }) => versions.some(({ id }) => id === versionId));
}

function deletedMeanwhile(name: string): OperatorError {
  return new OperatorError({
    code: 'not-found',
    message: `storing the image "${name}": it was deleted while it was being captured`,
    hint: 'Capture again.',
  });
}

function captureName(task: Task, run: Run): string {
  const operation = task.operations[run.operationIndex];
  const name = operation === undefined ? null : imageMade(operation);
  if (name !== null) return name;
  throw new OperatorError({
    code: 'stream-wrong',
    message: `storing what run ${run.id} captured: its operation is no capture`,
    hint: 'Capture again. If it happens again, this is a fault in OpenClone.',
  });
}

function imageIdOf(runId: RunId): ImageId {
  return ImageId.parse(runId.replace('run-', 'image-'));
}

function versionIdOf(runId: RunId): VersionId {
  return VersionId.parse(runId.replace('run-', 'version-'));
}
