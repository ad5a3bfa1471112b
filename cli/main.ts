/** The operator's command line: reads arguments and environment, and hands them on. */

import { userInfo } from 'node:os';
import { runCommandLine } from './program.ts';

// The reader of our output may stop early (`| head`): that is the end of it, and no failure.
process.stdout.on('error', (error: Error) => {
  if ('code' in error && error.code === 'EPIPE') process.exit(0);
  throw error;
});

process.exitCode = await runCommandLine({
  args: process.argv.slice(2),
  environment: process.env,
  stdin: process.stdin,
  stdout: process.stdout,
  stderr: process.stderr,
  operator: operatorName(),
  onInterrupt: (listener) => {
    process.on('SIGINT', listener);
    return () => process.off('SIGINT', listener);
  },
});

function operatorName(): string {
  try {
    return userInfo().username.slice(0, 64);
  } catch {
    // A user number without an entry in passwd(5).
    return `user ${process.getuid?.() ?? 'unknown'}`;
  }
}
