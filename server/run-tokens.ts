/** The secret that opens one run's image data: derived, so that it outlives a restart and is stored nowhere. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from './store/durable-write.ts';
import { RunToken, type RunId } from '../lib/model/ids.ts';

const SECRET_BYTES = 32;

export class RunTokens {
  readonly #secret: Buffer;

  private constructor(secret: Buffer) {
    this.#secret = secret;
  }

  /** Reads the server's secret from `directory`, or makes it at first start (mode 0600). */
  static async open(directory: string): Promise<RunTokens> {
    const path = join(directory, 'run-token.key');
    try {
      const secret = await readFile(path);
      if (secret.length === SECRET_BYTES) return new RunTokens(secret);
    } catch (error) {
      if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error;
    }
    const secret = randomBytes(SECRET_BYTES);
    await writeDurably(path, secret, { mode: 0o600 });
    return new RunTokens(secret);
  }

  /** HMAC-SHA-256 of the run's id under the server's secret. */
  tokenOf(runId: RunId): RunToken {
    return RunToken.parse(createHmac('sha256', this.#secret).update(runId).digest('hex'));
  }

  /** Whether `token` is the one of the run, in constant time. */
  opens(runId: RunId, token: string): boolean {
    const right = Buffer.from(this.tokenOf(runId));
    const given = Buffer.from(token);
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
