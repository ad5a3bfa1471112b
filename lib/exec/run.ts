/** Running one program to its end: argument arrays, C locale, the whole process group ended on abort. */

import { execa } from 'execa';
import { OperatorError } from '../errors.ts';
import { formatBytes, formatDuration } from '../format.ts';
import { callOf, tellingLine } from './tool-words.ts';

export type RunOptions = {
  /** Text or bytes for standard input; empty when absent. */
  readonly input?: string | Buffer;
  /** Ends the program and everything it started. */
  readonly signal?: AbortSignal;
  /** After this time they are ended as well. */
  readonly timeoutMs?: number;
  /** The most that it may print; 64 MiB when absent. */
  readonly maxOutputBytes?: number;
  /** Exit statuses that are no failure; only 0 when absent. */
  readonly allowedStatuses?: readonly number[];
  readonly env?: Readonly<Record<string, string>>;
};

export type RunResult = {
  readonly stdout: string;
  readonly stderr: string;
  readonly exitStatus: number;
};

/**
 * Runs `tool` with `args` and returns what it printed (UTF-8). Throws OperatorError `tool-missing` when there is
 * no such program, `tool-failed` with the end of its error output when it ended otherwise than allowed.
 */
export type Run = (
  tool: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<RunResult>;

export const run: Run = async (tool, args, options = {}) => {
  const { maxOutputBytes = MAX_OUTPUT_BYTES } = options;
  const child = execa(tool, args, {
    env: { ...TOOL_ENVIRONMENT, ...options.env },
    input: options.input ?? '',
    reject: false,
    detached: true,
    stripFinalNewline: false,
    maxBuffer: maxOutputBytes,
  });
  const time = { isOver: false };
  const abort = (): void => endGroup(child.pid, 'SIGKILL');
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted === true) abort();
  const { timeoutMs } = options;
  const endLate = (): void => {
    time.isOver = true;
    abort();
  };
  const timer = timeoutMs === undefined ? undefined : setTimeout(endLate, timeoutMs);
  const result = await child;
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', abort);
  const allowed = options.allowedStatuses ?? [0];
  const said = saidBy(result);
  // A program that had ended before it could be stopped has printed too much all the same.
  if (!result.isMaxBuffer && result.exitCode !== undefined && allowed.includes(result.exitCode)) {
    return { stdout: result.stdout, stderr: result.stderr, exitStatus: result.exitCode };
  }
  throw toolError(tool, args, {
    missing: result.code === 'ENOENT',
    status: result.exitCode ?? null,
    signal: result.signal ?? null,
    stderr: said === '' ? (startFault(result.code) ?? '') : said,
    ...(time.isOver && timeoutMs !== undefined
      ? { endedFor: `it took longer than ${formatDuration(timeoutMs)}` }
      : {}),
    ...(result.isMaxBuffer
      ? { endedFor: `it printed more than ${formatBytes(maxOutputBytes)}` }
      : {}),
  });
};

const MAX_OUTPUT_BYTES = 64 * 1024 * 1024;

/** What it said. A program whose start was refused at once (E2BIG, ENOMEM) has no output, whatever execa's types say. */
function saidBy({ stderr }: { readonly stderr?: string }): string {
  return stderr ?? '';
}

/** Why the system did not start the program (errno(3)). */
function startFault(code: string | undefined): string | null {
  return code === undefined || !/^E[A-Z0-9]+$/.test(code) ? null : `the system answers ${code}`;
}

/** Every tool speaks English with plain numbers; udev and friends need nothing else. */
export const TOOL_ENVIRONMENT: Readonly<Record<string, string>> = { LC_ALL: 'C', LANG: 'C' };

/** How a program failed. */
export type ToolEnd = {
  /** There is no such program. */
  readonly missing: boolean;
  readonly status: number | null;
  readonly signal: string | null;
  readonly stderr: string;
  /** What we ended it for, in words that go on after its call: "it took longer than 20 s"; absent when it ended itself. */
  readonly endedFor?: string;
};

/** A program's failure with all that it said, of which `cause` has one line. */
export class ToolFailure extends OperatorError {
  readonly said: string;

  constructor(error: ConstructorParameters<typeof OperatorError>[0], said: string) {
    super(error);
    this.said = said;
  }
}

/** What a program's failure is to an operator: its call without program texts, and one line of what it said. */
export function toolError(tool: string, args: readonly string[], how: ToolEnd): OperatorError {
  if (how.missing) {
    return new OperatorError({
      code: 'tool-missing',
      message: `running ${tool}: there is no such program on this machine`,
      hint: `Install the Debian package that has ${tool}.`,
    });
  }
  const reason = tellingLine(how.stderr);
  return new ToolFailure(
    {
      code: 'tool-failed',
      message: `running ${callOf(tool, args)} (${howItEnded(how)})`,
      hint:
        reason === ''
          ? 'Its manual page explains the exit status.'
          : 'See what the program said; its manual page explains the exit status.',
      ...(reason === '' ? {} : { cause: new Error(reason) }),
    },
    how.stderr,
  );
}

function howItEnded({ status, signal, endedFor }: ToolEnd): string {
  if (endedFor !== undefined) return endedFor;
  if (signal !== null) return `ended by ${signal}`;
  return status === null ? 'it could not be started' : `exit status ${status}`;
}

/** Sends `signal` to a whole process group; a group that is gone already is no error. */
export function endGroup(pid: number | undefined, signal: NodeJS.Signals): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, signal);
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ESRCH')) throw error;
  }
}
