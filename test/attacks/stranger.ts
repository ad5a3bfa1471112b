/** A connection to the server on which anything can be said, also what no program of ours would say. */

import { once } from 'node:events';
import { WebSocket, type ClientOptions } from 'ws';
import { z } from 'zod';

const Reply = z.object({
  id: z.number().nullish(),
  result: z.unknown().optional(),
  error: z
    .object({
      message: z.string(),
      data: z.object({ code: z.string() }).partial().nullish(),
    })
    .optional(),
});
type Reply = z.infer<typeof Reply>;

/** One connection of somebody who keeps to no schema. */
export class Stranger {
  readonly socket: WebSocket;
  /** Resolves with "CODE REASON" once the connection is over. */
  readonly closed: Promise<string>;
  readonly #waiting = new Map<number, (reply: Reply | null) => void>();
  #calls = 0;

  private constructor(socket: WebSocket) {
    this.socket = socket;
    this.closed = new Promise((resolve) => {
      socket.once('close', (code, reason) => {
        for (const answer of this.#waiting.values()) answer(null);
        resolve(`${code} ${reason.toString()}`);
      });
    });
    socket.on('error', () => undefined);
    socket.on('message', (data: Buffer) => {
      const reply = Reply.parse(JSON.parse(data.toString()));
      if (typeof reply.id !== 'number') return;
      this.#waiting.get(reply.id)?.(reply);
      this.#waiting.delete(reply.id);
    });
  }

  static async connect(url: string, options: ClientOptions = {}): Promise<Stranger> {
    const socket = new WebSocket(url, {
      rejectUnauthorized: false,
      perMessageDeflate: false,
      maxPayload: 512 * 1024 * 1024,
      ...options,
    });
    const stranger = new Stranger(socket);
    await Promise.race([
      once(socket, 'open'),
      stranger.closed.then((why) => Promise.reject(new Error(`refused: ${why}`))),
    ]);
    return stranger;
  }

  /** Sends text as it is. */
  async raw(text: string | Buffer): Promise<void> {
    await new Promise<void>((resolve) => {
      this.socket.send(text, () => resolve());
    });
  }

  /** Calls, and returns the result; throws an Error with the code and the message of a refusal. */
  async call(method: string, params: unknown): Promise<unknown> {
    this.#calls += 1;
    const id = this.#calls;
    const answer = new Promise<Reply | null>((resolve) => this.#waiting.set(id, resolve));
    await this.raw(JSON.stringify({ jsonrpc: '2.0', id, method, params }));
    const reply = await answer;
    if (reply === null) throw new Error(`closed: ${await this.closed}`);
    if (reply.error === undefined) return reply.result;
    throw new Error(`${reply.error.data?.code ?? 'none'}: ${reply.error.message}`);
  }

  end(): void {
    this.socket.terminate();
  }
}
