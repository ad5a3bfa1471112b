/** What operators are shown is read from here; nothing is changed. */

import type { BootFiles } from '../boot/boot-files.ts';
import type { OtherMachines } from '../hosts/other-machines.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { SessionBoard } from '../sessions/session-board.ts';
import type { Store } from '../store/store.ts';
import type { Waker } from '../wake/waker.ts';
import type { Live } from '../workers/live.ts';

export type ViewContext = {
  readonly store: Pick<Store, 'read' | 'directory' | 'sizeBytes' | 'writeError'>;
  readonly images: ImageStore;
  readonly live: Live;
  readonly otherMachines: OtherMachines;
  readonly sessions: SessionBoard;
  readonly waker: Waker;
  /** Null on a server without a site. */
  readonly bootFiles: BootFiles | null;
  readonly startedAt: string;
};
