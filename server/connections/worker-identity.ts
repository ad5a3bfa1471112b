/** Who is at the other end of a connection: which host, and which worker of it, whatever carries its calls. */

import { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import type { Host } from '../../lib/model/host.ts';
import type { HostId } from '../../lib/model/ids.ts';
import type { MacAddress, Sha256 } from '../../lib/model/names.ts';
import { BROKEN_OFF, endText, type ConnectionEnd } from '../../lib/protocol/connection-end.ts';
import type { Params, Result } from '../../lib/protocol/contract.ts';
import type { EngineMethods, HostStanding } from '../../lib/protocol/engine-api.ts';
import { ENGINE_PROTOCOL_VERSION, RESTARTS_SINCE_VERSION } from '../../lib/protocol/version.ts';
import type { ChangeSignal } from '../events/change-signal.ts';
import { standingOf } from '../hosts/host-standing.ts';
import { isBehindRouter } from '../hosts/neighbours.ts';
import type { OtherMachines } from '../hosts/other-machines.ts';
import {
  knownHost,
  noteLogon,
  registerHost,
  unknownHost,
  type MachineCheck,
} from '../hosts/register.ts';
import type { Registrations } from '../hosts/registrations.ts';
import { HostLookUp } from '../lookup.ts';
import type { Store } from '../store/store.ts';
import type { Work } from '../tasks/work.ts';
import type { WorkerLink } from '../workers/connected-workers.ts';
import { proofOf, type Admission } from './admission.ts';
import { pushStanding } from './push-standing.ts';

export type WorkerIdentityOptions = {
  readonly store: Store;
  readonly work: Work;
  readonly changes: ChangeSignal;
  readonly otherMachines: OtherMachines;
  readonly admission: Admission;
  /** The MAC address of a sender in one of the server's own subnets; null: it cannot be told. */
  readonly neighbourOf: (address: string) => Promise<MacAddress | null>;
  readonly registrations: Registrations;
  readonly heartbeatMs: number;
  readonly log: Log;
};

/** What carries the calls of a worker. */
export type WorkerChannel = {
  /** Where it connects from. */
  readonly address: string;
  /** Resolves when it is over, with why. */
  readonly closed: Promise<ConnectionEnd>;
  /** Its host is one that operators took in. */
  readonly onKnown: () => void;
  readonly pushStanding: (standing: HostStanding) => void;
} & Pick<WorkerLink, 'isAnswering' | 'notifyWork' | 'notifyCancel' | 'close'>;

type LogonParams = Params<EngineMethods, 'logon'>;
type LogonResult = Result<EngineMethods, 'logon'>;

export class WorkerIdentity {
  readonly #options: WorkerIdentityOptions;
  readonly #channel: WorkerChannel;
  readonly #hosts: HostLookUp;
  /** The network adapter that the connection comes from; null: it cannot be told, or is not looked at. */
  #hardware: MacAddress | null = null;
  #isRouted = false;
  #link: WorkerLink | undefined;
  /** The one host of this connection, as soon as it asks to be that: several logons can be under way. */
  #claimed: { readonly hostId: HostId; times: number } | null = null;
  #isOver = false;
  #stopPushing: (() => void) | undefined;
  /** As its logon says. */
  protocolVersion = ENGINE_PROTOCOL_VERSION;

  constructor(channel: WorkerChannel, options: WorkerIdentityOptions) {
    this.#channel = channel;
    this.#options = options;
    this.#hosts = new HostLookUp(() => options.store.read().hosts);
  }

  /** The worker that has logged on; undefined: none has. */
  get link(): WorkerLink | undefined {
    return this.#link;
  }

  get isApproved(): boolean {
    return this.#link !== undefined && this.#hosts.find(this.#link.hostId)?.approval === 'approved';
  }

  /** Throws `unauthorized` before a logon. */
  loggedOn(): WorkerLink {
    if (this.#link !== undefined) return this.#link;
    throw new OperatorError({
      code: 'unauthorized',
      message: 'asking for work before logging on',
      hint: 'Restart the engine; if it happens again, its version does not fit the server.',
    });
  }

  async register({
    worker,
    macAddresses,
    systemInfo,
  }: Params<EngineMethods, 'register'>): Promise<Result<EngineMethods, 'register'>> {
    const { store, log } = this.#options;
    const { address } = this.#channel;
    await this.#lookAtAdapter();
    const hardware = this.#hardware;
    const newcomer = { worker, address, hardware, macAddresses, systemInfo };
    const host = await registerHost(this.#options, newcomer, this.#checkOf(null));
    log.info({ event: 'register', host: host.id, name: host.name, address }, 'host registered');
    return { hostId: host.id, standing: standingOf(host, store.read()) };
  }

  /** Throws `not-allowed` for another host than the connection's own, and what admitting it throws. */
  async logOn(params: LogonParams): Promise<LogonResult> {
    const { hostId } = params;
    this.protocolVersion = params.protocolVersion;
    const known = this.#hosts.find(hostId);
    if (known !== undefined) this.#options.registrations.checkLogon(known, this.#channel.address);
    const claimed = this.#claimed ?? { hostId, times: 0 };
    if (claimed.hostId !== hostId) throw oneHost();
    this.#claimed = claimed;
    claimed.times += 1;
    try {
      return await this.#logOn(params);
    } finally {
      claimed.times -= 1;
      if (claimed.times === 0 && this.#link === undefined) this.#claimed = null;
    }
  }

  /** The connection is over. */
  end(end: ConnectionEnd): void {
    this.#isOver = true;
    this.#stopPushing?.();
    // Of strangers that come and go there is nothing to say.
    if (this.#link !== undefined) this.#noteGone(this.#link, end);
  }

  async #logOn({
    protocolVersion,
    hostId,
    worker: kind,
    macAddresses,
    instanceId,
    secret,
    systemInfo,
    activeRunId,
  }: LogonParams): Promise<LogonResult> {
    const { store, work, otherMachines, admission, heartbeatMs, log } = this.#options;
    const { address, closed, ...channel } = this.#channel;
    const proof = proofOf(secret);
    const refuseOther = this.#checkOf(proof);
    await this.#lookAtAdapter();
    try {
      const host = knownHost(this.#hosts.find(hostId), hostId, macAddresses);
      refuseOther(host, systemInfo);
      const newcomer = { host, kind, instanceId, proof, address, closed };
      do {
        if (this.#link === undefined) await admission.admit(newcomer);
        await noteLogon(store, hostId, macAddresses, systemInfo, refuseOther);
        // Meanwhile another one may have come.
      } while (this.link === undefined && !admission.isFree(newcomer));
    } catch (error) {
      // A worker that was logged on registers once more over its next connection: the answer goes out first.
      if (this.#link !== undefined) setImmediate(() => channel.close('end.host-unknown'));
      throw error;
    }
    const standing = this.#currentStanding(hostId);
    const answer = { heartbeatMs, standing, serverTime: new Date().toISOString() };
    // A worker that is logged on does so again to say what its work has changed on the host.
    if (this.#link !== undefined) return { continueRun: true, ...answer };
    const link: WorkerLink = {
      hostId,
      kind,
      instanceId,
      address,
      proof,
      canRestart: protocolVersion >= RESTARTS_SINCE_VERSION,
      isAnswering: channel.isAnswering,
      notifyWork: channel.notifyWork,
      notifyCancel: channel.notifyCancel,
      close: channel.close,
    };
    this.#link = link;
    otherMachines.noteBoot(hostId, proof);
    const continueRun = await work.presence.workerConnected(link, activeRunId);
    // The connection may have ended meanwhile, when nobody knew yet whose it was.
    if (this.#isOver) this.#noteGone(link, BROKEN_OFF);
    log.info({ event: 'logon', host: hostId, kind, address, activeRunId }, 'engine logged on');
    if (this.isApproved) channel.onKnown();
    if (!this.#isOver) this.#keepTold(hostId, standing);
    return { continueRun, ...answer };
  }

  #keepTold(hostId: HostId, told: HostStanding): void {
    const { onKnown, pushStanding: push } = this.#channel;
    this.#stopPushing?.();
    const findHost = (): Host | undefined => this.#hosts.find(hostId);
    this.#stopPushing = pushStanding(this.#options, findHost, told, (changed) => {
      if (changed.approval === 'approved') onKnown();
      push(changed);
    });
  }

  #currentStanding(hostId: HostId): HostStanding {
    const host = this.#hosts.find(hostId);
    if (host === undefined) throw unknownHost(hostId);
    return standingOf(host, this.#options.store.read());
  }

  #noteGone(link: WorkerLink, end: ConnectionEnd): void {
    const { log, work } = this.#options;
    const { address } = this.#channel;
    const reason = endText(end);
    log.info({ event: 'engine-gone', host: link.hostId, address, reason }, 'engine gone');
    work.presence.workerDisconnected(link, end);
  }

  async #lookAtAdapter(): Promise<void> {
    const { store, neighbourOf } = this.#options;
    const { address } = this.#channel;
    const isChecked = store.read().settings.checkAddresses !== false;
    this.#hardware = isChecked ? await neighbourOf(address) : null;
    this.#isRouted = isChecked && this.#hardware === null && isBehindRouter(address);
  }

  /** Of a boot that has said its secret, when it logs on. */
  #checkOf(proof: Sha256 | null): MachineCheck {
    const { otherMachines } = this.#options;
    const { address } = this.#channel;
    return (host, systemInfo) => {
      const hardware = this.#hardware;
      otherMachines.refuse(host, systemInfo, address);
      const sender = { address, hardware, isRouted: this.#isRouted, proof };
      const isOwn = otherMachines.refuseForeign(host, systemInfo, sender);
      return { isOwn, hardware };
    };
  }
}

/** The other hosts of such a connection would be taken for present, and nobody else for them. */
function oneHost(): OperatorError {
  return new OperatorError({
    code: 'not-allowed',
    message: 'logging on as another host over the same connection',
    hint: 'Each host has a connection of its own.',
  });
}
