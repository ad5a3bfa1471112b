/** ImageReceiver: the source of a deploying engine's data, whichever way it is sent. */

import type { Readable } from 'node:stream';

export type ImageReceiver = {
  readonly data: Readable;
  /** The frames carry it. */
  readonly transmissionId: string;
  /** After the end of the data: throws when the receiving itself did not end well. */
  readonly finish: () => Promise<void>;
  /** Leaves, so that nobody waits for this host; resolves when that is done. */
  readonly leave: () => Promise<void>;
};
