/** Asks the running server, of any version, by the installed command. */

import { realPath, type System } from '../machine/system.ts';
import { COMMAND } from '../machine/names.ts';

/** What the command of these words prints as JSON. Throws what running it throws, also when it takes too long. */
export async function askServer(system: System, words: readonly string[]): Promise<string> {
  const { stdout } = await system.run(realPath(system, COMMAND), [...words, '--json'], {
    timeoutMs: 20_000,
  });
  return stdout;
}
