/** What the operators' calls work with. */

import type { ImageStore } from '../image-store/image-store.ts';
import type { Live } from '../live.ts';
import type { Store } from '../store/store.ts';
import type { Dispatcher } from '../tasks/dispatcher.ts';

export type ApiContext = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly live: Live;
  readonly dispatcher: Dispatcher;
  readonly startedAt: string;
  /** Who is asking, as tasks show it. */
  readonly operator: () => string;
};
