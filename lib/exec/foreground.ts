/** A program in the place of this one: it has our terminal, gets our signals, and its end is ours. */

import { spawn } from 'node:child_process';
import { constants } from 'node:os';
import { toolError } from './run.ts';

/** A new size of the terminal is told by SIGWINCH, to our process group alone. */
const FORWARDED_SIGNALS = [
  'SIGINT',
  'SIGTERM',
  'SIGHUP',
  'SIGUSR1',
  'SIGUSR2',
  'SIGWINCH',
] as const;

/**
 * Runs `tool` with our standard streams and environment until it ends, hands it the signals that we get, and
 * returns its exit status, 128 + N when signal N ended it. It has a process group of its own, so that a Ctrl-C
 * reaches it once, from us; should we die without a word, the kernel sends it SIGTERM (setpriv(1)).
 * Throws OperatorError `tool-missing` or `tool-failed` when it cannot be started.
 */
export async function runForeground(tool: string, args: readonly string[]): Promise<number> {
  const child = spawn('setpriv', ['--pdeathsig', 'TERM', tool, ...args], {
    stdio: 'inherit',
    detached: true,
  });
  const forwards = FORWARDED_SIGNALS.map((signal) => ({
    signal,
    forward: (): void => void child.kill(signal),
  }));
  for (const { signal, forward } of forwards) process.on(signal, forward);
  try {
    return await new Promise<number>((resolve, reject) => {
      child.once('error', (error) => {
        const missing = 'code' in error && error.code === 'ENOENT';
        reject(
          toolError('setpriv', [tool, ...args], {
            missing,
            status: null,
            signal: null,
            stderr: error.message,
          }),
        );
      });
      child.once('exit', (status, signal) => {
        resolve(status ?? 128 + (signal === null ? 0 : constants.signals[signal]));
      });
    });
  } finally {
    for (const { signal, forward } of forwards) process.off(signal, forward);
  }
}
