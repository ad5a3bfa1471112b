/** The operators' API for any transport: handlers are made once; a connection says who calls them, and over what. */

import { render } from '../../lib/messages/render.ts';
import { answering, type Answering } from '../../lib/protocol/answering.ts';
import type { Handlers } from '../../lib/protocol/contract.ts';
import {
  OPERATOR_LIMITS,
  STRANGER_LIMITS,
  type MessageLimits,
} from '../../lib/protocol/message-limits.ts';
import { OPERATOR_METHODS, type OperatorMethods } from '../../lib/protocol/operator-api/table.ts';
import { Identity, type Origin } from '../login/identity.ts';
import { OperatorStore } from '../store/operator-store.ts';
import type { Push } from '../watches/push.ts';
import { Watches } from '../watches/watches.ts';
import type { Caller } from './caller.ts';
import type { ApiContext } from './context.ts';
import { operatorHandlers } from './table.ts';

/** What a transport says of one of its connections. */
export type Transport = {
  readonly origin: Origin;
  /** Null where nothing can be sent but answers: calls that watch are refused then. */
  readonly push: Push | null;
  readonly close: () => void;
  /** Called when it is known who speaks. */
  readonly onKnown: () => void;
};

export type ApiConnection = {
  readonly answers: Answering;
  /** What the other side may send now. */
  readonly limits: () => MessageLimits;
  /** Whether it is known who speaks. */
  readonly isKnown: () => boolean;
  /** The connection is over: its login waits for the next one. */
  readonly end: () => void;
};

export class OperatorApi {
  readonly #context: ApiContext;
  readonly #handlers: Handlers<OperatorMethods, [Caller]>;

  constructor(context: ApiContext) {
    this.#context = context;
    this.#handlers = operatorHandlers(context);
  }

  connect({ origin, push, close, onKnown }: Transport): ApiConnection {
    const { store, logins, log, events } = this.#context;
    const identity = new Identity({
      origin,
      logins,
      store,
      log,
      events,
      close: (end) => {
        push?.notify('loggedOut', { reason: render('en', end), message: end });
        close();
      },
    });
    const watches = push === null ? null : new Watches(this.#context, push);
    const caller: Caller = {
      identity,
      watches,
      onKnown,
      close,
      store: new OperatorStore(store, () => identity.name),
    };
    return {
      answers: answering({
        methods: OPERATOR_METHODS,
        handlers: this.#handlers,
        caller: [caller],
        admit: (name) => identity.admit(name),
      }),
      limits: () =>
        origin.type === 'socket' || identity.login !== null ? OPERATOR_LIMITS : STRANGER_LIMITS,
      isKnown: () => identity.isKnown,
      end: () => {
        watches?.close();
        identity.gone();
      },
    };
  }
}
