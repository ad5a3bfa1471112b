/** The sources from which operators' views are read; nothing is changed through them. */

import type { BootFiles } from '../boot/boot-files.ts';
import type { OtherMachines } from '../hosts/other-machines.ts';
import type { ImageStore } from '../image-store/image-store.ts';
import type { MulticastSessions } from '../sessions/multicast-sessions.ts';
import type { Store } from '../store/store.ts';
import type { WakeScheduler } from '../wake/wake-scheduler.ts';
import type { ConnectedWorkers } from '../workers/connected-workers.ts';

export type ViewContext = {
  readonly store: Pick<Store, 'read' | 'directory' | 'sizeBytes' | 'writeError'>;
  readonly images: ImageStore;
  readonly connected: ConnectedWorkers;
  readonly otherMachines: OtherMachines;
  readonly sessions: MulticastSessions;
  readonly wakeScheduler: WakeScheduler;
  /** Null on a server without a site. */
  readonly bootFiles: BootFiles | null;
  readonly startedAt: string;
};
