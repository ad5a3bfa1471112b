/** The firewall that filters incoming packets. */

import { z } from 'zod';
import { OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';

/** "nftables": a rule set of somebody's own that drops, or might drop, what comes in. */
export type Firewall = 'none' | 'ufw' | 'firewalld' | 'nftables';

export async function findFirewall(run: Run): Promise<Firewall> {
  if (/^Status: active$/m.test(await outputOf(run, 'ufw', ['status']))) return 'ufw';
  if ((await outputOf(run, 'firewall-cmd', ['--state'])).trim() === 'running') return 'firewalld';
  return hasInputFilter(await outputOf(run, 'nft', ['--json', 'list', 'ruleset']))
    ? 'nftables'
    : 'none';
}

const Ruleset = z.object({
  nftables: z.array(
    z.object({
      chain: z
        .object({
          family: z.string(),
          table: z.string(),
          name: z.string(),
          hook: z.string().optional(),
          policy: z.string().optional(),
        })
        .optional(),
      rule: z
        .object({
          family: z.string(),
          table: z.string(),
          chain: z.string(),
          expr: z.array(z.looseObject({})),
        })
        .optional(),
    }),
  ),
});

/** Whether a chain of the input hook drops by its policy or by a rule (`nft --json list ruleset`). */
export function hasInputFilter(text: string): boolean {
  if (text.trim() === '') return false;
  const { nftables } = Ruleset.parse(JSON.parse(text));
  const inputs = nftables
    .map(({ chain }) => chain)
    .filter((chain) => chain?.hook === 'input' && chain.family !== 'ip6');
  return inputs.some(
    (chain) =>
      chain?.policy === 'drop' ||
      nftables.some(
        ({ rule }) =>
          rule?.table === chain?.table &&
          rule?.family === chain?.family &&
          rule?.chain === chain?.name &&
          rule?.expr.some((part) => 'drop' in part || 'reject' in part),
      ),
  );
}

/** What the tool prints; nothing when it is not installed or refuses. */
async function outputOf(run: Run, tool: string, args: readonly string[]): Promise<string> {
  try {
    return (await run(tool, args)).stdout;
  } catch (error) {
    const expected =
      error instanceof OperatorError &&
      (error.code === 'tool-missing' || error.code === 'tool-failed');
    if (expected) return '';
    throw error;
  }
}
