/** What one watcher is sent of the status: tasks only when they have changed. */

import type { Host } from '../../lib/model/host.ts';
import type { Task } from '../../lib/model/task.ts';
import type { StatusUpdate } from '../../lib/protocol/operator-api/status.ts';
import type { ViewContext } from '../views/context.ts';
import { currentStatus } from '../views/status.ts';

/** What one watcher is sent: the tasks only when they have changed since the last time. */
export class StatusWatch {
  readonly #context: ViewContext;
  /** Records of the store are never changed in place: the same lists are the same tasks and names. */
  #tasks: readonly Task[] | null = null;
  #hosts: readonly Host[] | null = null;

  constructor(context: ViewContext) {
    this.#context = context;
  }

  async next(): Promise<StatusUpdate> {
    const { hosts, tasks } = this.#context.store.read();
    const status = await currentStatus(this.#context);
    const isSame = tasks === this.#tasks && hosts === this.#hosts;
    this.#tasks = tasks;
    this.#hosts = hosts;
    return isSame ? { ...status, tasks: undefined, hostNames: undefined } : status;
  }
}
