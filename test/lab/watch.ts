/** Waiting for what the server says, instead of sleeping. */

import { connectOperator, type OperatorClient } from '../../lib/client/operator-client.ts';
import type { TaskId } from '../../lib/model/ids.ts';
import { isEnded, type Run, type Task } from '../../lib/model/task.ts';
import type { Status } from '../../lib/model/status.ts';

const LIMIT_MS = 120_000;

/** An operator's connection that sees every change of the status. */
export class Watch {
  readonly client: OperatorClient;
  #status: Status;
  #waiting: (() => void)[] = [];

  private constructor(client: OperatorClient, status: Status) {
    this.client = client;
    this.#status = status;
  }

  static async open(socketPath: string): Promise<Watch> {
    const opened: Watch[] = [];
    const client = await connectOperator({
      socketPath,
      operator: 'test',
      onStatus: (status) => opened[0]?.take(status),
    });
    const watch = new Watch(client, await client.call('status.watch', { intervalMs: 100 }));
    opened.push(watch);
    return watch;
  }

  /** Only the connection calls it. */
  take(status: Status): void {
    this.#status = status;
    const waiting = this.#waiting;
    this.#waiting = [];
    for (const resolve of waiting) resolve();
  }

  /** Resolves when `find` returns something; throws with `what` after two minutes. */
  async until<T>(what: string, find: (status: Status) => T | undefined): Promise<T> {
    const limit = AbortSignal.timeout(LIMIT_MS);
    limit.addEventListener('abort', () => this.take(this.#status), { once: true });
    for (;;) {
      const found = find(this.#status);
      if (found !== undefined) return found;
      if (limit.aborted)
        throw new Error(`${what} did not happen: ${JSON.stringify(this.#status.tasks)}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  /** The task once all its runs have ended. */
  async untilEnded(id: TaskId): Promise<Task> {
    return this.until('the end of the task', ({ tasks }) =>
      tasks.find((task) => task.id === id && task.runs.every(({ state }) => isEnded(state))),
    );
  }

  /** The run of the task's only or `index`-th host, once `reached` says so. */
  async untilRun(id: TaskId, index: number, reached: (run: Run) => boolean): Promise<Run> {
    return this.until('the state of the run', ({ tasks }) => {
      const run = tasks.find((task) => task.id === id)?.runs[index];
      return run !== undefined && reached(run) ? run : undefined;
    });
  }

  close(): void {
    this.client.close();
  }
}

/** Whether the step is under way. */
export function isDoing(run: Run, stepId: string): boolean {
  return run.steps.some((step) => step.id === stepId && step.state === 'running');
}
