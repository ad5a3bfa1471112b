/** Who speaks over one operator's connection, and what they may call. */

import type { SerialQueue } from '../../lib/async/serial-queue.ts';
import { OperatorError } from '../../lib/errors.ts';
import type { Log } from '../../lib/log.ts';
import { OperatorName } from '../../lib/model/operator-account.ts';
import type { LoginEnd } from '../../lib/protocol/connection-end.ts';
import type { Params, Result } from '../../lib/protocol/contract.ts';
import { showsPresence } from '../../lib/protocol/operator-api/method.ts';
import { operatorMethod, type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { isPasswordOf } from './password-hash.ts';
import type { EventLog } from '../events/event-log.ts';
import type { Store } from '../store/store.ts';
import type { Login, LoginRegistry } from './login-registry.ts';
import type { LoginThrottle } from './throttle.ts';

/** How the caller connected: the right to open the socket gives all rights, a connection over the network none. */
export type Origin =
  { readonly type: 'socket' } | { readonly type: 'network'; readonly address: string };

/** What all connections share. */
export type Logins = {
  readonly registry: LoginRegistry;
  readonly throttle: LoginThrottle;
  /** bcrypt takes a processor for 0.2 s: strangers get no more than one. */
  readonly checks: SerialQueue;
};

type IdentityState =
  | { readonly type: 'unknown' }
  | { readonly type: 'login-needed' }
  /** Known by the operating system, over the socket. */
  | { readonly type: 'system-user'; readonly name: string }
  | { readonly type: 'operator'; readonly login: Login };

export class Identity {
  readonly #origin: Origin;
  readonly #logins: Logins;
  readonly #store: Store;
  readonly #log: Log;
  readonly #events: EventLog;
  readonly #close: (end: LoginEnd) => void;
  #state: IdentityState = { type: 'unknown' };

  /** `close` ends the connection. */
  constructor(options: {
    readonly origin: Origin;
    readonly logins: Logins;
    readonly store: Store;
    readonly log: Log;
    readonly events: EventLog;
    readonly close: (end: LoginEnd) => void;
  }) {
    this.#origin = options.origin;
    this.#logins = options.logins;
    this.#store = options.store;
    this.#log = options.log;
    this.#events = options.events;
    this.#close = options.close;
  }

  /** Who is asking. Throws when nobody has said so. */
  get name(): string {
    const known = this.#refuseUnknown();
    return known.type === 'operator' ? known.login.operator : known.name;
  }

  /** The login of this connection, if it has one. */
  get login(): Login | null {
    return this.#state.type === 'operator' ? this.#state.login : null;
  }

  /** Whether anybody may call more than a login here. */
  get isKnown(): boolean {
    return this.#state.type === 'system-user' || this.#state.type === 'operator';
  }

  get isLoginNeeded(): boolean {
    return this.#state.type === 'login-needed';
  }

  /** Throws unless the method `name` may be called now. */
  admit(name: string): void {
    const method = operatorMethod(name);
    if (method?.access === 'always') return;
    if (method?.access === 'greeted' && this.#state.type !== 'unknown') return;
    this.#refuseUnknown();
    if (method !== undefined && showsPresence(method)) this.login?.touch();
  }

  hello({ operator, wantsLogin, loginToken }: Params<OperatorMethods, 'server.hello'>): void {
    this.gone();
    const resumed =
      loginToken === undefined ? null : this.#logins.registry.resume(loginToken, this.#close);
    const isOpen =
      this.#origin.type === 'socket' &&
      (wantsLogin !== true || this.#store.read().operators.length === 0);
    if (resumed !== null) this.#state = { type: 'operator', login: resumed };
    else if (isOpen) this.#state = { type: 'system-user', name: operator };
    else this.#state = { type: 'login-needed' };
  }

  /** Throws `unauthorized`, which does not say whether there is such an account. */
  async logIn({
    name,
    password,
  }: Params<OperatorMethods, 'operator.login'>): Promise<
    Result<OperatorMethods, 'operator.login'>
  > {
    await this.prove(name, password, 'logging in');
    this.gone();
    const login = this.#logins.registry.open(name, this.#close);
    this.#state = { type: 'operator', login };
    this.#log.info({ event: 'login', name, origin: this.#origin }, 'operator logged in');
    this.#events.add({ type: 'logged-in', operator: name, from: this.#address });
    return { name, loginToken: login.token };
  }

  /** Throws `unauthorized` unless `password` is that of the account; wrong ones are slowed down and logged. */
  async prove(name: string, password: string, doing: string): Promise<void> {
    const { throttle, checks } = this.#logins;
    const keys = this.#throttleKeys(name);
    throttle.begin(keys);
    const passwordHash = this.#hashOf(name);
    const isRight = await checks.run(() => isPasswordOf(passwordHash, password));
    // Meanwhile the account may have got another password.
    if (isRight && this.#hashOf(name) === passwordHash) {
      throttle.succeeded(keys);
      return;
    }
    // What is no name may be a password in the wrong field.
    const shown = OperatorName.safeParse(name).success ? name : null;
    this.#log.warn({ event: 'login-refused', name: shown, origin: this.#origin }, 'wrong password');
    this.#events.add({ type: 'login-refused', name: shown, from: this.#address });
    throw new OperatorError({
      code: 'unauthorized',
      message: `${doing}: user or password is wrong`,
      hint: 'Try again, or have an operator set a new password.',
    });
  }

  /** The connection is over, or begins again. */
  gone(): void {
    const { login } = this;
    if (login !== null) this.#logins.registry.disconnected(login, this.#close);
    this.#state = { type: 'unknown' };
  }

  #refuseUnknown(): Exclude<IdentityState, { type: 'unknown' | 'login-needed' }> {
    switch (this.#state.type) {
      case 'system-user':
      case 'operator':
        return this.#state;
      case 'login-needed':
        throw loginNeeded();
      default:
        throw new OperatorError({
          code: 'protocol-mismatch',
          message: 'calling the server before server.hello',
          hint: 'The program that connects has a fault or another version.',
        });
    }
  }

  get #address(): string | null {
    return this.#origin.type === 'socket' ? null : this.#origin.address;
  }

  #hashOf(name: string): string | null {
    const { operators } = this.#store.read();
    return operators.find((account) => account.name === name)?.passwordHash ?? null;
  }

  /** A name that is guessed from the network stays free for who sits at the server. */
  #throttleKeys(name: string): string[] {
    return this.#origin.type === 'socket'
      ? [`socket ${name}`]
      : [`network ${name}`, `address ${this.#origin.address}`];
  }
}

function loginNeeded(): OperatorError {
  return new OperatorError({
    code: 'unauthorized',
    message: 'calling the server before a login',
    hint: 'Log in first.',
  });
}
