/** Who gets at the data of a run over the data channel. */

import { OperatorError } from '../../lib/errors.ts';
import type { RunId } from '../../lib/model/ids.ts';
import type { Operation } from '../../lib/model/operation.ts';
import type { RunTokens } from './run-tokens.ts';
import type { Store } from '../store/store.ts';
import type { CapturedImages } from './captured-images.ts';
import { mayStillFinish } from '../../lib/rules/run-resumption.ts';
import type { Runs } from './runs.ts';
import type { WorkItem } from './work-item.ts';

export type DataAccessOptions = {
  readonly runs: Runs;
  readonly tokens: RunTokens;
  readonly store: Store;
  readonly capturedImages: CapturedImages;
};

export class DataAccess {
  readonly #options: DataAccessOptions;

  constructor(options: DataAccessOptions) {
    this.#options = options;
  }

  /**
   * The run that `token` opens. Throws `unauthorized` when the token is wrong, or the run is not under way, or its
   * operation is none of `types`. An engine whose connection was lost may be at it still, and send before it is back.
   */
  authorize(runId: RunId, token: string, types: readonly Operation['type'][]): WorkItem {
    const { runs, tokens, store, capturedImages } = this.#options;
    const item = runs.find(runId);
    const operation = item?.task.operations[item.run.operationIndex];
    const host = store.read().hosts.find(({ id }) => id === item?.run.hostId);
    if (
      item !== undefined &&
      operation !== undefined &&
      tokens.opens(runId, item.run.workerInstanceId, token) &&
      host?.approval === 'approved' &&
      (item.run.state === 'running' || mayStillFinish(item.run, runs.now())) &&
      !capturedImages.isAbandoned(runId) &&
      types.includes(operation.type)
    ) {
      return item;
    }
    throw new OperatorError({
      code: 'unauthorized',
      message: 'opening the image data of a run',
      hint: 'Only the host that works on a run gets its data, and only while it does.',
    });
  }
}
