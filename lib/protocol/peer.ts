/** One side of a connection: JSON-RPC 2.0 over WebSocket, every message checked against its schema on both sides. */

import { randomBytes } from 'node:crypto';
import {
  createJSONRPCErrorResponse,
  JSONRPCClient,
  JSONRPCErrorException,
  JSONRPCServer,
  JSONRPCServerAndClient,
} from 'json-rpc-2.0';
import { WebSocket } from 'ws';
import { z } from 'zod';
import { fromReport, OperatorError, toReport } from '../errors.ts';
import { ErrorReport } from '../model/error-report.ts';
import type { Answering } from './answering.ts';
import {
  closingFrame,
  endOfError,
  endOfFrame,
  endText,
  STOPPED_ANSWERING,
  toldEnd,
  type ConnectionEnd,
  type ToldEnd,
} from './connection-end.ts';
import type { Listeners, Methods, Notifications, ParamsIn, Result } from './contract.ts';
import { describeIssues, parseMessage } from './parse-message.ts';
import { whyTooMuch, type MessageLimits } from './message-limits.ts';

/** Longest message that engines and operators' programs accept from their server. */
export const MAX_MESSAGE_BYTES = 64 * 1024 * 1024;
const MAX_SILENT_BEATS = 3;
/** Who has answered so lately is there: looking again and again is no way to keep the other side busy. */
const SEEN_MS = 1000;
/** JSON-RPC's range for errors of the application; `data` is an ErrorReport. */
const APPLICATION_ERROR = -32000;
/** What json-rpc-2.0 gives the calls that ended on this side: not sent, or pending when the connection ended. */
const LOCAL_ERROR = 0;

export type PeerOptions<
  Called extends Methods,
  Sent extends Notifications,
  Heard extends Notifications,
> = {
  /** The calls this side answers. */
  readonly answers: Answering;
  /** The calls this side makes. */
  readonly calls: Called;
  /** The notifications this side sends, and those it acts on. */
  readonly sends: Sent;
  readonly hears: { readonly notifications: Heard; readonly listeners: Listeners<Heard> };
  /** What the other side may send now; absent where it is the server that is trusted. */
  readonly limits?: () => MessageLimits;
  /** The other side is pinged at this interval, and the connection is dropped when it has been silent for three of them. */
  readonly heartbeatMs: number;
  /** Told of messages that fit no schema and of failures that are bugs; the connection goes on. */
  readonly onFault: (what: string, error: unknown) => void;
};

/** The other side of a connection. */
export class Peer<Called extends Methods, Sent extends Notifications, Heard extends Notifications> {
  /** Resolves with why once the connection is over. */
  readonly closed: Promise<ConnectionEnd>;
  readonly #socket: WebSocket;
  readonly #options: PeerOptions<Called, Sent, Heard>;
  readonly #rpc: JSONRPCServerAndClient;
  /** Beats since something was last heard: counted, because the clock of a host may jump. */
  #silentBeats = 0;
  /** The ping that is on its way because somebody wants to know whether the other side is there. */
  #look: Promise<boolean> | null = null;
  /** When the last one was answered, on the clock that nobody sets. */
  #seenAt = -Infinity;
  #end: ConnectionEnd | undefined;
  #callsUnderWay = 0;

  /** `socket` must be open or, on the accepting side, just accepted. */
  constructor(socket: WebSocket, options: PeerOptions<Called, Sent, Heard>) {
    this.#socket = socket;
    this.#options = options;
    const server = new JSONRPCServer({ errorListener: () => undefined });
    server.mapErrorToJSONRPCErrorResponse = (id, error: unknown) => {
      const report = toReport(error);
      if (report.code === 'internal-error') options.onFault('answering a call', error);
      return createJSONRPCErrorResponse(id, APPLICATION_ERROR, report.message, report);
    };
    const client = new JSONRPCClient((message) => this.#send(message));
    this.#rpc = new JSONRPCServerAndClient(server, client, { errorListener: () => undefined });
    for (const name of options.answers.names) {
      this.#rpc.addMethod(name, (params: unknown) => options.answers.call(name, params));
    }
    for (const [name, schema] of Object.entries(options.hears.notifications)) {
      this.#rpc.addMethod(name, (params: unknown) => {
        const listener = options.hears.listeners[name];
        const checked = schema.safeParse(params);
        if (checked.success) callListener(listener, checked.data);
        else options.onFault(`hearing ${name}`, new Error(describeIssues(checked.error)));
      });
    }
    socket.on('message', (data, isBinary) => {
      this.#silentBeats = 0;
      this.#receive(data, isBinary);
    });
    socket.on('pong', () => (this.#silentBeats = 0));
    socket.on('ping', () => (this.#silentBeats = 0));
    socket.on('error', (error) => {
      this.#end ??= endOfError(error);
    });
    const heartbeat = setInterval(() => this.#beat(), options.heartbeatMs);
    heartbeat.unref();
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        clearInterval(heartbeat);
        const end = this.#end ?? endOfFrame(code, reason.toString());
        this.#rpc.rejectAllPendingRequests(endText(end));
        resolve(end);
      });
    });
  }

  /**
   * Calls the other side. Throws the OperatorError it answered with, `bad-message` when `params` or the answer do not
   * fit their schema, or `connection-lost` when the connection ends before the answer; whether the call was carried
   * out is then not known.
   */
  async call<K extends keyof Called & string>(
    name: K,
    params: ParamsIn<Called, K>,
  ): Promise<Result<Called, K>> {
    const method: Called[K] = this.#options.calls[name];
    const checked = parseMessage(method.params, params, `the parameters of ${name}`);
    let answer: unknown;
    try {
      answer = await this.#rpc.request(name, plainParams(checked), undefined);
    } catch (error) {
      throw callError(name, error);
    }
    return parseMessage<Called[K]['result']>(method.result, answer, `the answer to ${name}`);
  }

  /** Sends a notification; it is lost when the connection is. */
  notify<K extends keyof Sent & string>(name: K, params: z.input<Sent[K]>): void {
    const schema: Sent[K] = this.#options.sends[name];
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    this.#rpc.notify(name, plainParams(schema.parse(params)), undefined);
  }

  /**
   * Whether the other side answers a ping within `limitMs`: nothing that it sent before counts. Those who ask at the
   * same time share one ping.
   */
  async isAnswering(limitMs: number): Promise<boolean> {
    if (this.#socket.readyState !== WebSocket.OPEN) return false;
    if (performance.now() - this.#seenAt < SEEN_MS) return true;
    this.#look ??= this.#askForSign(limitMs).finally(() => (this.#look = null));
    return this.#look;
  }

  async #askForSign(limitMs: number): Promise<boolean> {
    const mark = randomBytes(8);
    const isThere = await new Promise<boolean>((resolve) => {
      const end = (answer: boolean): void => {
        clearTimeout(limit);
        this.#socket.off('pong', hear);
        this.#socket.off('close', miss);
        resolve(answer);
      };
      const hear = (data: Buffer): void => {
        if (mark.equals(data)) end(true);
      };
      const miss = (): void => end(false);
      const limit = setTimeout(miss, limitMs);
      this.#socket.on('pong', hear);
      this.#socket.on('close', miss);
      this.#socket.ping(mark);
    });
    if (isThere) this.#seenAt = performance.now();
    return isThere;
  }

  /** How many bytes wait to be sent: a slow listener is not sent more than it reads. */
  get backlogBytes(): number {
    return this.#socket.bufferedAmount;
  }

  /** Ends the connection, and tells the other side why. */
  close(end: ToldEnd): void {
    this.#end ??= toldEnd(end);
    const { code, text } = closingFrame(end);
    this.#socket.close(code, text);
    // A peer that is gone never answers the closing handshake.
    const timer = setTimeout(() => this.#socket.terminate(), 1000);
    timer.unref();
  }

  #send(message: unknown): Promise<void> {
    return new Promise((resolve, reject) => {
      this.#socket.send(JSON.stringify(message), (error) => {
        // Node answers success with null, whatever the types say.
        if (error instanceof Error) reject(error);
        else resolve();
        this.#readOn();
      });
    });
  }

  #receive(data: WebSocket.RawData, isBinary: boolean): void {
    if (isBinary || !Buffer.isBuffer(data)) {
      this.#options.onFault('receiving a message', new Error('binary message'));
      this.close('end.binary-message');
      return;
    }
    if (this.#socket.readyState !== WebSocket.OPEN) return;
    const limits = this.#options.limits?.();
    const tooMuch = limits === undefined ? null : whyTooMuch(data, limits);
    if (tooMuch !== null) {
      this.#options.onFault('receiving a message', new Error(tooMuch));
      this.close('end.message-too-large');
      return;
    }
    let message: unknown;
    try {
      message = JSON.parse(data.toString('utf8'));
    } catch {
      // What the parser says repeats what was sent.
      this.#options.onFault('receiving a message', new Error('a message was not JSON'));
      this.close('end.not-json');
      return;
    }
    if (typeof message !== 'object' || message === null || Array.isArray(message)) {
      this.#options.onFault('receiving a message', new Error('a message was no single call'));
      this.close('end.no-single-call');
      return;
    }
    this.#callsUnderWay += 1;
    this.#readOn();
    this.#rpc
      .receiveAndSend(message, undefined, undefined)
      .catch((error: unknown) => {
        this.#options.onFault('answering a message', error);
      })
      .finally(() => {
        this.#callsUnderWay -= 1;
        this.#readOn();
      });
  }

  /** Reads from the other side, unless it has enough to wait for and to read itself. */
  #readOn(): void {
    const limits = this.#options.limits?.();
    if (limits === undefined || this.#socket.readyState !== WebSocket.OPEN) return;
    const isEnough =
      this.#callsUnderWay >= limits.maxCalls || this.#socket.bufferedAmount > limits.maxUnreadBytes;
    if (isEnough) this.#socket.pause();
    else this.#socket.resume();
  }

  #beat(): void {
    this.#silentBeats += 1;
    if (this.#silentBeats > MAX_SILENT_BEATS) {
      this.#end ??= STOPPED_ANSWERING;
      this.#socket.terminate();
    } else if (this.#socket.readyState === WebSocket.OPEN) {
      this.#socket.ping();
    }
  }
}

function callError(name: string, error: unknown): OperatorError {
  if (error instanceof JSONRPCErrorException && error.code !== LOCAL_ERROR) {
    const report = ErrorReport.safeParse(error.data);
    if (report.success) return fromReport(report.data);
    return new OperatorError({
      code: 'protocol-mismatch',
      message: `calling ${name}: ${error.message}`,
      hint: 'Bring both sides to the same version of OpenClone.',
    });
  }
  return new OperatorError({
    code: 'connection-lost',
    message: `calling ${name}: the connection ended before the answer`,
    hint: 'See whether the server runs, then look at what became of it before trying again.',
    cause: error,
  });
}

// The table is typed per name; this crosses from the string that arrived to the typed entry.
function callListener(listener: ((params: never) => void) | undefined, params: unknown): void {
  if (listener !== undefined) Reflect.apply(listener, undefined, [params]);
}

function plainParams(params: unknown): Record<string, unknown> {
  return z.record(z.string(), z.unknown()).parse(params);
}
