/** The image directory: `IMAGE/VERSION/` with manifest.json and the streams (docs/design/image-format.md). */

import { randomBytes } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, rmdir } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import type { Readable } from 'node:stream';
import { isDeepStrictEqual } from 'node:util';
import { OperatorError } from '../../lib/errors.ts';
import { ImageId, VersionId, type RunId } from '../../lib/model/ids.ts';
import { streamsOf, type CapturedDisk, type Manifest } from '../../lib/model/image.ts';
import type { Sha256 } from '../../lib/model/names.ts';
import type { Bytes } from '../../lib/units.ts';
import { syncDirectory, systemCodeOf, writeDurably } from '../store/durable-write.ts';
import { ImageLock } from './lock.ts';
import { formatManifest, MANIFEST_NAME, parseManifest } from './manifest-file.ts';
import type { ReceivedBytes } from './receive-bytes.ts';
import { Reserve, reserveBytesOf } from './reserve.ts';
import { parseDescription } from './description.ts';
import { DESCRIPTION, DIRECTORY_MODE, FILE_MODE, Staging } from './staging.ts';
import { verifyVersion, type VerifyProgress, type VerifyResult } from './verify-version.ts';
import { imageWriteError, spaceOf, type Space } from './write-error.ts';

export type CommittedVersion = {
  /** Of manifest.json; a later reader of the version must bring it. */
  readonly manifestSha256: Sha256;
  /** Streams and manifest. */
  readonly storedBytes: Bytes;
};

/**
 * Beside the images the directory has `.incoming/RUN/`, where captures come in, and `.deleted-…`, which is on its
 * way out: a version is there whole or not at all, whenever the server ends. One process at a time: it is locked
 * from open() to close().
 */
export class ImageStore {
  readonly #path: string;
  readonly #lock: ImageLock;
  readonly #reserve: Reserve;
  readonly #stagings = new Map<RunId, Staging>();

  private constructor(path: string, lock: ImageLock, reserve: Reserve) {
    this.#path = path;
    this.#reserve = reserve;
    this.#lock = lock;
  }

  /**
   * Makes the directory if need be, locks it, and ends deletions that were interrupted. Throws `store-locked` when
   * another server uses it, else `image-write-failed`. `reserveOf` says what captures leave of a file system.
   */
  static async open(path: string, reserveOf = reserveBytesOf): Promise<ImageStore> {
    let lock: ImageLock | null = null;
    try {
      await mkdir(path, { recursive: true, mode: DIRECTORY_MODE });
      lock = await ImageLock.take(path);
      const store = new ImageStore(path, lock, new Reserve(path, reserveOf));
      await mkdir(store.#incomingPath, { recursive: true, mode: DIRECTORY_MODE });
      await store.#removeDeleted();
      return store;
    } catch (cause) {
      lock?.release();
      if (cause instanceof OperatorError) throw cause;
      throw await imageWriteError('opening the image directory', path, cause);
    }
  }

  /** Lets another server use the directory. */
  close(): void {
    this.#lock.release();
  }

  /** Lets `runId` send streams; what it has sent already, to a server before this one too, stays. */
  async openStaging(runId: RunId): Promise<void> {
    if (this.#stagings.has(runId)) return;
    try {
      const staging = await Staging.open(this.#stagingPath(runId), this.#reserve);
      // Two calls may have come this far; the first one counts.
      if (!this.#stagings.has(runId)) this.#stagings.set(runId, staging);
    } catch (cause) {
      throw await imageWriteError(`preparing for the capture of ${runId} in`, this.#path, cause);
    }
  }

  /** Stores the description of all that `runId` captures: see Staging.receiveDescription. */
  async receiveDescription(runId: RunId, source: Readable): Promise<ReceivedBytes> {
    return this.#staging(runId).receiveDescription(source);
  }

  /**
   * What `runId` has said of all that it captured. When a commit was made whose answer was lost, that is in the
   * manifest of `version`. Throws OperatorError `stream-wrong` when it has said nothing, `bad-message`.
   */
  async readDescription(
    runId: RunId,
    version: { readonly imageId: ImageId; readonly versionId: VersionId },
  ): Promise<CapturedDisk> {
    const { imageId, versionId } = version;
    const bytes =
      (await readIfThere(join(this.#stagingPath(runId), DESCRIPTION))) ??
      (await readIfThere(join(this.versionPath(imageId, versionId), MANIFEST_NAME)));
    return parseDescription(runId, bytes);
  }

  /** Stores one stream of an open staging, of which all have at most `maxBytes`: see Staging.receive. */
  async receiveStream(
    runId: RunId,
    name: string,
    readable: Readable,
    maxBytes: Bytes,
  ): Promise<ReceivedBytes> {
    return this.#staging(runId).receive(name, readable, maxBytes);
  }

  /**
   * Makes a version of what `runId` has sent; when it resolves, the version is on the disk, whole, and the staging
   * gone. Every stream of the manifest must have come as it says, and no other. A version is never replaced: if it
   * is there with this manifest, but for the time of capture, this is the repetition of a commit whose answer was
   * lost, and is answered again. Throws OperatorError `stream-wrong`, `hash-mismatch`, `not-allowed`,
   * `image-store-full`, `image-write-failed`; all but a missing staging leave it as it was.
   */
  async commit(runId: RunId, manifest: Manifest): Promise<CommittedVersion> {
    const doing = `completing the image "${manifest.name}" in`;
    const target = this.versionPath(manifest.imageId, manifest.versionId);
    const before = await this.#committedBefore(target, manifest);
    if (before !== null) {
      await this.discard(runId);
      return before;
    }
    const staging = this.#staging(runId);
    await staging.seal(manifest);
    const { bytes, sha256 } = formatManifest(manifest);
    try {
      // The streams have been synced when they came in.
      await writeDurably(join(staging.imagePath, MANIFEST_NAME), bytes, { mode: FILE_MODE });
      await mkdir(dirname(target), { recursive: true, mode: DIRECTORY_MODE });
      await syncDirectory(this.#path);
      await rename(staging.imagePath, target);
      await syncDirectory(dirname(target));
      await syncDirectory(staging.path);
    } catch (cause) {
      staging.unseal();
      throw await imageWriteError(doing, this.#path, cause);
    }
    await this.discard(runId);
    return { manifestSha256: sha256, storedBytes: storedBytesOf(manifest, bytes.length) };
  }

  /** Throws away what `runId` has sent and breaks off what it is sending; nothing there is no error. */
  async discard(runId: RunId): Promise<void> {
    const staging = this.#stagings.get(runId);
    this.#stagings.delete(runId);
    await staging?.end('the capture has ended');
    await this.#delete(this.#stagingPath(runId));
  }

  /** At server start: throws away all that came in, but what came from the runs `except`. */
  async discardAllStaging(except: readonly RunId[]): Promise<void> {
    const kept = new Set<string>(except);
    for (const name of await readdir(this.#incomingPath)) {
      if (!kept.has(name)) await this.#delete(join(this.#incomingPath, name));
    }
  }

  /**
   * The manifest of a version. Throws OperatorError `image-newer` when a later program wrote it, `image-damaged`
   * when it is gone, cannot be read, or is not the one with the SHA-256 `expected`.
   */
  async readManifest(imageId: ImageId, versionId: VersionId, expected: Sha256): Promise<Manifest> {
    const path = join(this.versionPath(imageId, versionId), MANIFEST_NAME);
    const result = await readManifestFile(path, expected);
    switch (result.type) {
      case 'good':
        return result.manifest;
      case 'newer':
        throw new OperatorError({
          code: 'image-newer',
          message: `reading ${path}: it has format version ${result.formatVersion}`,
          hint: 'A newer OpenClone has made this image: use that one, or capture the disk again.',
        });
      case 'damaged':
        throw new OperatorError({
          code: 'image-damaged',
          message: `reading ${path}`,
          hint: 'Restore the directory of this version from a backup, or capture the disk again.',
          cause: result.cause,
        });
    }
  }

  /** Reads every byte of a version: see verifyVersion. */
  async verify(
    imageId: ImageId,
    versionId: VersionId,
    manifestSha256: Sha256,
    onProgress: VerifyProgress = () => undefined,
  ): Promise<VerifyResult> {
    return verifyVersion(this.versionPath(imageId, versionId), manifestSha256, onProgress);
  }

  /** All versions that lie in the directory, known to the store or not: a commit may outlive what it was for. */
  async listVersions(): Promise<{ imageId: ImageId; versionId: VersionId }[]> {
    const found = [];
    for (const imageName of await readdir(this.#path)) {
      const imageId = ImageId.safeParse(imageName);
      if (!imageId.success) continue;
      for (const versionName of await readdir(this.#imagePath(imageId.data))) {
        const versionId = VersionId.safeParse(versionName);
        if (versionId.success) found.push({ imageId: imageId.data, versionId: versionId.data });
      }
    }
    return found;
  }

  /** Deletes a version, and its image's directory with the last one. One that is gone already is no error. */
  async deleteVersion(imageId: ImageId, versionId: VersionId): Promise<void> {
    await this.#delete(this.versionPath(imageId, versionId));
    try {
      await rmdir(this.#imagePath(imageId));
    } catch (error) {
      const code = systemCodeOf(error);
      if (code !== 'ENOTEMPTY' && code !== 'ENOENT') throw error;
    }
  }

  /** Deletes an image with all its versions. One that is gone already is no error. */
  async deleteImage(imageId: ImageId): Promise<void> {
    await this.#delete(this.#imagePath(imageId));
  }

  /** The file system that the images are on. */
  async space(): Promise<Space> {
    return spaceOf(this.#path);
  }

  /** The directory of a version, whether it exists or not. */
  versionPath(imageId: ImageId, versionId: VersionId): string {
    return join(this.#imagePath(imageId), versionId);
  }

  /** The file of one of its streams. */
  streamPath(imageId: ImageId, versionId: VersionId, name: string): string {
    return join(this.versionPath(imageId, versionId), name);
  }

  get #incomingPath(): string {
    return join(this.#path, '.incoming');
  }

  #stagingPath(runId: RunId): string {
    return join(this.#incomingPath, runId);
  }

  #imagePath(imageId: ImageId): string {
    return join(this.#path, imageId);
  }

  #staging(runId: RunId): Staging {
    const staging = this.#stagings.get(runId);
    if (staging !== undefined) return staging;
    throw new OperatorError({
      code: 'not-allowed',
      message: `storing what ${runId} has captured: it is not capturing`,
      hint: 'The capture has ended or was cancelled: capture again.',
    });
  }

  async #committedBefore(target: string, manifest: Manifest): Promise<CommittedVersion | null> {
    const path = join(target, MANIFEST_NAME);
    let bytes: Buffer;
    try {
      bytes = await readFile(path);
    } catch (cause) {
      if (systemCodeOf(cause) === 'ENOENT') return null;
      throw await imageWriteError(`completing the image "${manifest.name}" in`, target, cause);
    }
    const result = parseManifest(bytes, null);
    if (result.type === 'good' && sameButForTime(result.manifest, manifest)) {
      const { sha256: manifestSha256 } = result;
      return { manifestSha256, storedBytes: storedBytesOf(manifest, bytes.length) };
    }
    throw new OperatorError({
      code: 'image-write-failed',
      message: `completing the image "${manifest.name}": ${target} has another image`,
      hint: 'Look at what is there and move it away, then capture again.',
    });
  }

  /** First out of sight in one step, then away: half a version is never seen. */
  async #delete(path: string): Promise<void> {
    const deleted = join(this.#path, `.deleted-${randomBytes(8).toString('hex')}`);
    try {
      await rename(path, deleted);
    } catch (error) {
      if (systemCodeOf(error) === 'ENOENT') return;
      throw error;
    }
    await syncDirectory(dirname(path));
    await syncDirectory(this.#path);
    await rm(deleted, { recursive: true });
  }

  async #removeDeleted(): Promise<void> {
    for (const name of await readdir(this.#path)) {
      if (name.startsWith('.deleted-')) await rm(join(this.#path, name), { recursive: true });
    }
  }
}

async function readIfThere(path: string): Promise<Buffer | null> {
  try {
    return await readFile(path);
  } catch (error) {
    if (systemCodeOf(error) === 'ENOENT') return null;
    throw error;
  }
}

async function readManifestFile(
  path: string,
  expected: Sha256,
): Promise<ReturnType<typeof parseManifest>> {
  try {
    return parseManifest(await readFile(path), expected);
  } catch (error) {
    return { type: 'damaged', cause: error instanceof Error ? error : new Error(String(error)) };
  }
}

function storedBytesOf(manifest: Manifest, manifestBytes: Bytes): Bytes {
  return streamsOf(manifest).reduce((sum, { sizeBytes }) => sum + sizeBytes, manifestBytes);
}

function sameButForTime(one: Manifest, other: Manifest): boolean {
  return isDeepStrictEqual({ ...one, capturedAt: '' }, { ...other, capturedAt: '' });
}
