/** A program that runs beside us until it ends or is told to, and that never outlives us. */

import { spawn } from 'node:child_process';
import type { Readable } from 'node:stream';
import { TOOL_ENVIRONMENT } from './run.ts';

export type ServiceEnd = { readonly status: number | null; readonly signal: string | null };

export type Service = {
  readonly pid: number | null;
  readonly output: Readable | null;
  /** How it ended; status and signal null when it could not be started. Never rejects. */
  readonly ended: Promise<ServiceEnd>;
  readonly kill: (signal: NodeJS.Signals) => void;
};

/**
 * Starts `tool`. `deathSignal` is what the kernel sends it should this process die without a word (setpriv(1),
 * prctl(2) PR_SET_PDEATHSIG). `input` is a file descriptor the caller keeps, or none; `output` "stream" gives its
 * standard output to this process.
 */
export function startService(
  tool: string,
  args: readonly string[],
  options: {
    readonly deathSignal: 'INT' | 'TERM' | 'KILL';
    readonly input: number | 'none';
    readonly output: 'none' | 'stream';
    readonly onText: (text: string) => void;
    readonly env?: Readonly<Record<string, string>>;
  },
): Service {
  const child = spawn('setpriv', ['--pdeathsig', options.deathSignal, tool, ...args], {
    env: { ...process.env, ...TOOL_ENVIRONMENT, ...options.env },
    stdio: [
      options.input === 'none' ? 'ignore' : options.input,
      options.output === 'none' ? 'ignore' : 'pipe',
      'pipe',
    ],
  });
  child.stderr?.setEncoding('utf8').on('data', options.onText);
  return {
    pid: child.pid ?? null,
    output: child.stdout,
    kill: (signal) => void child.kill(signal),
    ended: new Promise((resolve) => {
      child.once('error', (error) => {
        options.onText(`${error.message}\n`);
        resolve({ status: null, signal: null });
      });
      child.once('exit', (status, signal) => resolve({ status, signal }));
    }),
  };
}
