/** The secret that opens one run's image data: derived, so that it outlives a restart and is stored nowhere. */

import { createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { writeDurably } from '../store/durable-write.ts';
import { RunToken, type EngineInstanceId, type RunId } from '../../lib/model/ids.ts';

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

  /** HMAC-SHA-256, under the server's secret, of the run's id and of the start of the engine that has the run. */
  tokenOf(runId: RunId, instance: EngineInstanceId | null): RunToken {
    const text = instance === null ? runId : `${runId} ${instance}`;
    return RunToken.parse(createHmac('sha256', this.#secret).update(text).digest('hex'));
  }

  /** Whether `token` is the one of the run for that start of the engine, in constant time. */
  opens(runId: RunId, instance: EngineInstanceId | null, token: string): boolean {
    const right = Buffer.from(this.tokenOf(runId, instance));
    const given = Buffer.from(token);
    return given.length === right.length && timingSafeEqual(given, right);
  }
}
