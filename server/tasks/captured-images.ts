/** Makes versions of images from captures, and no more of them than are kept. */

import { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { ImageId, RunId, VersionId } from '../../lib/model/ids.ts';
import { imageMade } from '../../lib/model/operation.ts';
import type { CapturedDisk } from '../../lib/model/image.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { Store } from '../store/store.ts';
import { mayStillCapture } from '../../lib/rules/image-uses.ts';
import { resumableRuns } from '../../lib/rules/run-resumption.ts';
import type { WorkItem } from './work-item.ts';
import { storeCapturedImage } from './store-image.ts';
import { outdatedVersions } from '../../lib/rules/image-uses.ts';

export type CapturedImagesOptions = {
  readonly store: Store;
  readonly images: ImageStore;
  /** How many versions of an image are kept. */
  readonly keepVersions: number;
  readonly log: Log;
  /** Milliseconds since 1970. */
  readonly clock: () => number;
};

export class CapturedImages {
  readonly #options: CapturedImagesOptions;
  /** Captures that were cancelled: they send nothing any more, also while the store cannot say so yet. */
  readonly #abandoned = new Set<RunId>();

  constructor(options: CapturedImagesOptions) {
    this.#options = options;
  }

  isAbandoned(runId: RunId): boolean {
    return this.#abandoned.has(runId);
  }

  /**
   * Makes a version of an image of what the run has sent; `said` is its description when the report had it, as those of
   * version 0.2 have. Throws `not-allowed` when the run was abandoned.
   */
  async store({ task, run }: WorkItem, said: CapturedDisk | undefined): Promise<void> {
    const { store, images, clock } = this.#options;
    const now = clock();
    const resumable = resumableRuns(store.read().tasks, now);
    if (this.isAbandoned(run.id) || !mayStillCapture(run, resumable, now)) throw givenUp(run.id);
    const host = store.read().hosts.find((candidate) => candidate.id === run.hostId);
    if (host === undefined) throw new TypeError(`run ${run.id} of an unknown host`);
    await storeCapturedImage({ store, images }, { task, run, host, said });
    await this.#removeOutdated();
  }

  /**
   * Takes nothing more of a capture that is cancelled, and throws away what it has sent. `settled` resolves when no
   * report of it is under way: it may just be becoming a version of an image.
   */
  async abandon({ task, run }: WorkItem, settled: (runId: RunId) => Promise<void>): Promise<void> {
    if (run.state !== 'running' && run.state !== 'interrupted') return;
    const operation = task.operations[run.operationIndex];
    if (operation === undefined || imageMade(operation) === null) return;
    const { images, log } = this.#options;
    this.#abandoned.add(run.id);
    await settled(run.id);
    try {
      await images.discard(run.id);
    } catch (error) {
      // The run is to end all the same; then it is done once more.
      log.error({ event: 'fault', run: run.id, error }, 'discarding a cancelled capture failed');
    }
  }

  forget(runId: RunId): void {
    this.#abandoned.delete(runId);
  }

  async #removeOutdated(): Promise<void> {
    const { store, images, keepVersions, clock } = this.#options;
    // In one change: until it is made, another may protect an image, or give work that needs a version.
    const outdated = await store.change(({ images: known, tasks }) => {
      const gone: { readonly imageId: ImageId; readonly versionId: VersionId }[] = [];
      for (const image of known) {
        const ids = outdatedVersions(image, keepVersions, tasks, clock());
        if (ids.length === 0) continue;
        image.versions = image.versions.filter(({ id }) => !ids.includes(id));
        gone.push(...ids.map((versionId) => ({ imageId: image.id, versionId })));
      }
      return gone;
    });
    for (const { imageId, versionId } of outdated) await images.deleteVersion(imageId, versionId);
  }
}

function givenUp(runId: RunId): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `storing what run ${runId} captured: it was given up, or cancelled`,
    hint: 'Capture again.',
  });
}
