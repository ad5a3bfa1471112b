/** What the server keeps, and what follows from it at once: store, images, boot files, the operators' log. */

import { mkdir } from 'node:fs/promises';
import { BootFiles } from '../boot/boot-files.ts';
import type { Components } from '../components.ts';
import { PROGRAM_VERSION } from '../../lib/protocol/version.ts';
import { ChangeSignal } from '../events/change-signal.ts';
import { EventLog } from '../events/event-log.ts';
import { StoreNotes } from '../events/store-notes.ts';
import { ImageStore } from '../image-store/image-store.ts';
import type { ServerOptions } from '../server-options.ts';
import { Store } from '../store/store.ts';
import { runsWithStaging } from '../tasks/captures.ts';

/** How often a new build of the root file system is looked for. */
const BUILD_POLL_MS = 5000;
/** What comes together of a kind within this time is one entry of the log for operators. */
const NOTING_MS = 500;

export type Storage = {
  readonly store: Store;
  readonly images: ImageStore;
  readonly changes: ChangeSignal;
  /** Null on a server without a site. */
  readonly bootFiles: BootFiles | null;
  readonly events: EventLog;
};

export async function startStorage(
  components: Components,
  { dataDirectory, imageDirectory, site, log }: ServerOptions,
): Promise<Storage> {
  await mkdir(dataDirectory, { recursive: true, mode: 0o750 });
  const store = await components.start({
    name: 'store',
    start: () => Store.open(dataDirectory),
    stop: (each) => each.close(),
  });
  const images = await components.start({
    name: 'images',
    start: () => ImageStore.open(imageDirectory),
    stop: (each) => each.close(),
  });
  await images.discardAllStaging(runsWithStaging(store.read().tasks, Date.now()));
  const changes = await components.start({
    name: 'change signal',
    start: () => new ChangeSignal((error) => log.error({ event: 'fault', error }, 'status')),
    stop: (each) => each.close(),
  });
  const bootFiles = await components.start({
    name: 'boot files',
    start: async () => {
      if (site === null) return null;
      const onChanged = (): void => changes.emit();
      const read = (): ReturnType<Store['read']> => store.read();
      const files = new BootFiles({ site, read, pollMs: BUILD_POLL_MS, log, onChanged });
      await files.start();
      return files;
    },
    stop: (each) => each?.close(),
  });
  const notes = new StoreNotes();
  const events = await components.start({
    name: 'event log',
    start: () => EventLog.open({ dataDirectory, log }),
    stop: async (each) => {
      for (const event of notes.take()) each.add(event);
      await each.close();
    },
  });
  events.add({ type: 'server-started', version: PROGRAM_VERSION });
  await components.start({
    name: 'what follows from changes',
    start: () =>
      store.follow({
        made: (change) => notes.add(change),
        durable: async () => {
          // Boot files are written before the caller is told: it may power the host on at once.
          await bootFiles?.flush();
          changes.emit();
        },
      }),
    stop: (end) => end(),
  });
  changes.listen(NOTING_MS, () => {
    for (const event of notes.take()) events.add(event);
    return Promise.resolve();
  });
  return { store, images, changes, bootFiles, events };
}
