/** What the engines say of their runs, in one file per run: DATA/logs/RUN.log. */

import { appendFile, mkdir, open, readdir, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { OperatorError } from '../../lib/errors.ts';
import { RunId, type EngineInstanceId } from '../../lib/model/ids.ts';
import type { RunLogLine } from '../../lib/protocol/engine-api.ts';
import type { Bytes } from '../../lib/units.ts';

/** The longest log of a run. What went wrong has a reserve, for it comes last. */
const MAX_LOG_BYTES = 1024 * 1024;
const ERROR_RESERVE_BYTES = 64 * 1024;
/** The logs of the newest MAX_LOGS runs are kept. */
const MAX_LOGS = 2000;
const SUFFIX = '.log';
const LAST_LINE = 'what follows is left out: the log has reached its limit\n';

type OpenLog = {
  /** What was asked for before is written before. */
  writing: Promise<void>;
  sizeBytes: Bytes | null;
  /** The last line that is in the file, of which start of the engine. */
  instanceId: EngineInstanceId | null;
  lastNumber: number;
  isFull: boolean;
};

export class RunLogs {
  readonly #directory: string;
  readonly #knownRuns: () => ReadonlySet<RunId>;
  readonly #maxBytes: Bytes;
  readonly #maxLogs: number;
  readonly #logs = new Map<RunId, OpenLog>();

  private constructor(options: RunLogsOptions) {
    this.#directory = join(options.dataDirectory, 'logs');
    this.#knownRuns = options.knownRuns;
    this.#maxBytes = options.maxBytes ?? MAX_LOG_BYTES;
    this.#maxLogs = options.maxLogs ?? MAX_LOGS;
  }

  /** Makes the directory (mode 0750) and removes the logs of runs that nobody knows any more. */
  static async open(options: RunLogsOptions): Promise<RunLogs> {
    const logs = new RunLogs(options);
    await mkdir(logs.#directory, { recursive: true, mode: 0o750 });
    await logs.#prune();
    return logs;
  }

  /** Adds the lines that are not in the log yet. Throws `store-write-failed`. */
  async append(
    runId: RunId,
    instanceId: EngineInstanceId,
    lines: readonly RunLogLine[],
  ): Promise<void> {
    if (lines.length === 0) return;
    const log = this.#logOf(runId);
    const writing = log.writing
      .catch(() => undefined)
      .then(() => this.#write(runId, log, instanceId, lines));
    log.writing = writing;
    try {
      await writing;
    } catch (cause) {
      throw new OperatorError({
        code: 'store-write-failed',
        message: `adding to the log of run ${runId}`,
        hint: `Make room in ${this.#directory}.`,
        cause,
      });
    }
  }

  /** The last `maxBytes` of a log, in whole lines; none when the run has not said anything. */
  async read(runId: RunId, maxBytes: Bytes): Promise<{ lines: string[]; isCut: boolean }> {
    const file = await open(this.#pathOf(runId), 'r').catch(ignoreMissing);
    if (file === undefined) return { lines: [], isCut: false };
    try {
      const { size } = await file.stat();
      const start = Math.max(0, size - maxBytes);
      const buffer = Buffer.alloc(size - start);
      const { bytesRead } = await file.read(buffer, 0, buffer.length, start);
      const lines = buffer.toString('utf8', 0, bytesRead).split('\n');
      // The first one may be the end of a line, and what follows the last line break is none.
      return { lines: lines.slice(start === 0 ? 0 : 1, -1), isCut: start > 0 };
    } finally {
      await file.close();
    }
  }

  #logOf(runId: RunId): OpenLog {
    const known = this.#logs.get(runId);
    if (known !== undefined) return known;
    const log: OpenLog = {
      writing: Promise.resolve(),
      sizeBytes: null,
      instanceId: null,
      lastNumber: 0,
      isFull: false,
    };
    this.#logs.set(runId, log);
    return log;
  }

  async #write(
    runId: RunId,
    log: OpenLog,
    instanceId: EngineInstanceId,
    lines: readonly RunLogLine[],
  ): Promise<void> {
    log.sizeBytes ??= (await stat(this.#pathOf(runId)).catch(ignoreMissing))?.size ?? null;
    if (log.sizeBytes === null) await this.#prune();
    let sizeBytes = log.sizeBytes ?? 0;
    let text = '';
    const lastNumber = log.instanceId === instanceId ? log.lastNumber : 0;
    for (const { number, at, level, text: said } of lines) {
      if (number <= lastNumber) continue;
      const line = `${at} ${level.toUpperCase().padEnd(5)} ${said}\n`;
      const limit = this.#maxBytes + (level === 'error' ? ERROR_RESERVE_BYTES : 0);
      const fits = sizeBytes + Buffer.byteLength(line) <= limit;
      const added = fits ? line : log.isFull ? '' : LAST_LINE;
      log.isFull ||= !fits;
      text += added;
      sizeBytes += Buffer.byteLength(added);
    }
    if (text !== '') await appendFile(this.#pathOf(runId), text, { mode: 0o640 });
    log.sizeBytes = sizeBytes;
    log.instanceId = instanceId;
    log.lastNumber = Math.max(lastNumber, lines.at(-1)?.number ?? 0);
  }

  /** Before a new log: those of deleted tasks go, and the oldest that are too many. */
  async #prune(): Promise<void> {
    const known = this.#knownRuns();
    const kept = new Set<RunId>();
    for (const name of await readdir(this.#directory)) {
      const runId = RunId.safeParse(name.endsWith(SUFFIX) ? name.slice(0, -SUFFIX.length) : '');
      if (!runId.success) continue;
      if (known.has(runId.data)) kept.add(runId.data);
      else await this.#remove(runId.data);
    }
    // Not by the times of the files: the clock may have been set back.
    const oldestFirst = [...known].filter((runId) => kept.has(runId));
    const surplus = Math.max(0, oldestFirst.length - (this.#maxLogs - 1));
    for (const runId of oldestFirst.slice(0, surplus)) await this.#remove(runId);
  }

  async #remove(runId: RunId): Promise<void> {
    await rm(this.#pathOf(runId), { force: true });
    this.#logs.delete(runId);
  }

  #pathOf(runId: RunId): string {
    return join(this.#directory, `${runId}${SUFFIX}`);
  }
}

export type RunLogsOptions = {
  readonly dataDirectory: string;
  /** The runs that are in the store, in the order in which they were made. */
  readonly knownRuns: () => ReadonlySet<RunId>;
  readonly maxBytes?: Bytes;
  readonly maxLogs?: number;
};

function ignoreMissing(error: unknown): undefined {
  if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
  throw error;
}
