/** The daemon: everything it has, started in order and stopped in reverse. */

import { Components } from './components.ts';
import { startPorts } from './composition/ports.ts';
import { startStorage } from './composition/storage.ts';
import { startWork } from './composition/work.ts';
import type { ServerOptions } from './server-options.ts';
import { hostsToResumeWaking } from './wake/resume-wakes.ts';

export type Server = { readonly close: () => Promise<void> };

/** Starts the server; resolves when engines and operators can connect. A start that fails leaves nothing. */
export async function startServer(options: ServerOptions): Promise<Server> {
  const { log, port, socketPath } = options;
  const components = new Components(log, options.onStarting);
  try {
    const storage = await startStorage(components, options);
    const work = await startWork(components, options, storage);
    const addresses = await startPorts(components, options, storage, work);
    const address = addresses.join(', ');
    log.info({ event: 'ready', address, port, socket: socketPath }, 'ready');
    work.wakeScheduler.wake(hostsToResumeWaking(storage.store.read(), Date.now()));
  } catch (error) {
    await components.stop();
    log.error({ event: 'start-failed' }, 'the server did not start');
    throw error;
  }
  return {
    close: async () => {
      await components.stop();
      log.info({ event: 'stopped' }, 'stopped');
    },
  };
}
