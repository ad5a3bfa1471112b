/** Running one program to its end: argument arrays, C locale, the whole process group ended on abort. */

import { execa } from 'execa';
import { OperatorError } from '../errors.ts';

export type RunOptions = {
  /** Text or bytes for standard input; empty when absent. */
  readonly input?: string | Buffer;
  /** Ends the program and everything it started. */
  readonly signal?: AbortSignal;
  /** After so long the same happens. */
  readonly timeoutMs?: number;
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
 * Runs `tool` with `args` and answers what it printed (UTF-8). Throws OperatorError `tool-missing` when there is
 * no such program, `tool-failed` with the end of its error output when it ended otherwise than allowed.
 */
export type Run = (
  tool: string,
  args: readonly string[],
  options?: RunOptions,
) => Promise<RunResult>;

export const run: Run = async (tool, args, options = {}) => {
  const child = execa(tool, args, {
    env: { ...TOOL_ENVIRONMENT, ...options.env },
    input: options.input ?? '',
    reject: false,
    detached: true,
    stripFinalNewline: false,
    maxBuffer: 64 * 1024 * 1024,
  });
  const abort = (): void => endGroup(child.pid, 'SIGKILL');
  options.signal?.addEventListener('abort', abort, { once: true });
  if (options.signal?.aborted === true) abort();
  const timer = options.timeoutMs === undefined ? undefined : setTimeout(abort, options.timeoutMs);
  const result = await child;
  clearTimeout(timer);
  options.signal?.removeEventListener('abort', abort);
  const allowed = options.allowedStatuses ?? [0];
  if (result.exitCode !== undefined && allowed.includes(result.exitCode)) {
    return { stdout: result.stdout, stderr: result.stderr, exitStatus: result.exitCode };
  }
  throw toolError(tool, args, {
    missing: result.code === 'ENOENT',
    status: result.exitCode ?? null,
    signal: result.signal ?? null,
    stderr: result.stderr,
  });
};

/** Every tool speaks English with plain numbers; udev and friends need nothing else. */
export const TOOL_ENVIRONMENT: Readonly<Record<string, string>> = { LC_ALL: 'C', LANG: 'C' };

/** What a program's failure is to an operator. */
export function toolError(
  tool: string,
  args: readonly string[],
  how: { missing: boolean; status: number | null; signal: string | null; stderr: string },
): OperatorError {
  if (how.missing) {
    return new OperatorError({
      code: 'tool-missing',
      message: `running ${tool}: there is no such program on this machine`,
      hint: `Install the Debian package that has ${tool}.`,
    });
  }
  const end =
    how.signal === null ? `exit status ${how.status ?? 'unknown'}` : `ended by ${how.signal}`;
  const said = tailOf(how.stderr);
  return new OperatorError({
    code: 'tool-failed',
    message: `running ${[tool, ...args].join(' ')} (${end})`,
    hint: 'See what the program said; its manual page explains the exit status.',
    ...(said === '' ? {} : { cause: new Error(said) }),
  });
}

/** The last lines of what a tool wrote to its standard error, at most 600 characters, without progress lines. */
export function tailOf(stderr: string): string {
  const lines = stderr
    .split(/[\r\n]+/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  return lines.slice(-4).join(' | ').slice(-600);
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
