/** What the operators' calls work with. */

import type { BootFiles } from '../boot/boot-files.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { Live } from '../workers/live.ts';
import type { OtherMachines } from '../hosts/other-machines.ts';
import type { SessionBoard } from '../sessions/session-board.ts';
import type { StoreOfCalls } from '../store/operator-store.ts';
import type { Work } from '../tasks/work.ts';
import type { Waker } from '../wake/waker.ts';

export type ApiContext = {
  readonly store: StoreOfCalls;
  readonly images: ImageStore;
  readonly live: Live;
  readonly otherMachines: OtherMachines;
  readonly work: Work;
  readonly sessions: SessionBoard;
  readonly waker: Waker;
  /** Null on a server without a site. */
  readonly bootFiles: BootFiles | null;
  readonly startedAt: string;
  /** Who is asking, as tasks show it. */
  readonly operator: () => string;
};
