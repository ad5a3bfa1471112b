/** Decides which worker a host has: one that is connected and answers stays, and a run under way waits for the boot that has it. */

import { createHash } from 'node:crypto';
import { OperatorError } from '../../lib/errors.ts';
import type { Host } from '../../lib/model/host.ts';
import type { EngineInstanceId, EngineSecret, HostId } from '../../lib/model/ids.ts';
import { Sha256 } from '../../lib/model/names.ts';
import type { Run } from '../../lib/model/task.ts';
import { toldEnd } from '../../lib/protocol/connection-end.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import type { ConnectedWorkers, WorkerLink } from '../workers/connected-workers.ts';
import type { OtherMachines } from '../hosts/other-machines.ts';
import type { Store } from '../store/store.ts';
import type { Presence } from '../tasks/presence.ts';
import type { HostWorkerKind } from '../../lib/model/worker.ts';
import { isByServer } from '../../lib/rules/next-place.ts';

/** The most newcomers of one host that wait at once; those after them are sent away. */
const MAX_WAITING = 4;
/** How late they learn that a run was abandoned. */
const LOOK_MS = 100;

/** A start of an engine or an agent that wants to be a host's. */
export type Newcomer = {
  readonly host: Host;
  readonly kind: HostWorkerKind;
  readonly instanceId: EngineInstanceId;
  readonly proof: Sha256 | null;
  readonly address: string;
  /** Resolves when its connection is over. */
  readonly closed: Promise<unknown>;
};

export type AdmissionOptions = {
  readonly store: Store;
  readonly connected: ConnectedWorkers;
  readonly presence: Presence;
  readonly otherMachines: OtherMachines;
  readonly changes: ChangeSignal;
};

/** What the server keeps of a secret. */
export function proofOf(secret: EngineSecret | undefined): Sha256 | null {
  if (secret === undefined) return null;
  return Sha256.parse(createHash('sha256').update(secret).digest('hex'));
}

export class Admission {
  readonly #options: AdmissionOptions;
  readonly #waiting = new Map<HostId, number>();

  constructor(options: AdmissionOptions) {
    this.#options = options;
  }

  /** Whether nothing is in the newcomer's way now: what was when it was admitted may be over. */
  isFree(newcomer: Newcomer): boolean {
    return this.#obstacle(newcomer) === null;
  }

  /**
   * Resolves when the newcomer may be the host's engine. The boot that is there, or has the host's run, may at once.
   * Another one waits until the engine that is there has been asked, and is refused (`not-allowed`) when it answers;
   * and until the run of an engine that is gone was abandoned. Throws `unauthorized` for a start of the engine that
   * is known by a secret, and comes without it.
   */
  async admit(newcomer: Newcomer): Promise<void> {
    const { host } = newcomer;
    if (this.#runs(host.id).some((run) => isFalse(run, newcomer))) throw falseStart(host);
    if (this.isFree(newcomer)) return;
    const waiting = this.#waiting.get(host.id) ?? 0;
    if (waiting >= MAX_WAITING) throw tooMany(host);
    this.#waiting.set(host.id, waiting + 1);
    try {
      await this.#untilFree(newcomer);
    } finally {
      const left = (this.#waiting.get(host.id) ?? 1) - 1;
      if (left === 0) this.#waiting.delete(host.id);
      else this.#waiting.set(host.id, left);
    }
  }

  async #untilFree(newcomer: Newcomer): Promise<void> {
    const { connected, presence, otherMachines } = this.#options;
    const { host, address, closed } = newcomer;
    const over = { is: false };
    void closed.then(() => (over.is = true));
    for (;;) {
      const obstacle = this.#obstacle(newcomer);
      if (obstacle === null) return;
      if (over.is) throw gone(host);
      if (obstacle === 'run') {
        await this.#changeOrEnd(closed);
        continue;
      }
      if (await obstacle.isAnswering()) {
        otherMachines.tellTwo(host, obstacle.address, address);
        throw twoMachines(host);
      }
      if (connected.workerOn(host.id) === obstacle) {
        presence.workerDisconnected(obstacle, toldEnd('end.other-start'));
      }
      obstacle.close('end.other-start');
    }
  }

  /** The engine that is there, or a run that its boot may still come back to. */
  #obstacle(newcomer: Newcomer): WorkerLink | 'run' | null {
    const { id } = newcomer.host;
    const there = this.#options.connected.workerOn(id);
    if (there !== undefined) return isSameBoot(there, newcomer) ? null : there;
    const isHeld = this.#runs(id).some(
      ({ state, workerProof }) =>
        state === 'running' && workerProof !== null && workerProof !== newcomer.proof,
    );
    if (!isHeld) return null;
    // Whatever has become of its engine, it is not waited for longer than for any other.
    this.#options.presence.awaitLost(id);
    return 'run';
  }

  #runs(hostId: HostId): Run[] {
    const { tasks } = this.#options.store.read();
    return tasks.flatMap((task) =>
      task.runs.filter(
        (run) =>
          run.hostId === hostId &&
          (run.state === 'running' || run.state === 'interrupted') &&
          // What the server does itself no boot of the host has.
          !isByServer(run, task),
      ),
    );
  }

  async #changeOrEnd(closed: Promise<unknown>): Promise<void> {
    let stop: () => void = () => undefined;
    const changed = new Promise<void>((resolve) => {
      stop = this.#options.changes.listen(LOOK_MS, async () => {
        resolve();
        return Promise.resolve();
      });
    });
    await Promise.race([changed, closed]);
    stop();
  }
}

/** An agent and an engine never are: the host was started in between. */
function isSameBoot(there: WorkerLink, { kind, instanceId, proof }: Newcomer): boolean {
  if (there.kind !== kind) return false;
  return there.proof === null ? there.instanceId === instanceId : there.proof === proof;
}

/** It names the start that has the run, and does not know what that one knows. */
function isFalse(run: Run, { instanceId, proof }: Newcomer): boolean {
  return (
    run.workerInstanceId === instanceId && run.workerProof !== null && run.workerProof !== proof
  );
}

function twoMachines({ name }: Host): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `taking this machine for ${name}: another machine is ${name}, and answers`,
    hint: 'Two machines have the same MAC address: the log of the server says where they are. Switch one of them off.',
  });
}

function tooMany({ name }: Host): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: `taking this machine for ${name}: ${MAX_WAITING} others wait to be taken for it`,
    hint: 'See the log of the server for where they are.',
  });
}

function falseStart({ name }: Host): OperatorError {
  return new OperatorError({
    code: 'unauthorized',
    message: `going on with the work of ${name}: the secret of the engine that has it is missing`,
    hint: 'Restart the engine.',
  });
}

function gone({ name }: Host): OperatorError {
  return new OperatorError({
    code: 'connection-lost',
    message: `taking a machine for ${name}: its connection ended while it waited`,
    hint: 'It connects again by itself.',
  });
}
