/** Rules in zones of firewalld(1), for now and for good. */

import { z } from 'zod';
import { addZoneRules, removeZoneRules } from '../tools/firewalld.ts';
import { REVERTED, type ChangeKind, type Making } from './kind.ts';

const schema = z.object({
  type: z.literal('firewalld-rules'),
  rules: z.array(z.object({ zone: z.string(), rule: z.string() })),
});
export type FirewalldRulesChange = z.infer<typeof schema>;

export const firewalldRules = {
  schema,
  key: ({ rules }) =>
    ['firewalld-rules', ...rules.map(({ zone, rule }) => `${zone}: ${rule}`)].join(' '),
  describe: ({ rules }) =>
    `rules of firewalld in the zone ${[...new Set(rules.map(({ zone }) => zone))].join(', ')}`,
  revert: async ({ run }, { rules }) => {
    await removeZoneRules(run, rules);
    return REVERTED;
  },
} satisfies ChangeKind<FirewalldRulesChange>;

export async function makeFirewalldRules(
  { system: { run }, journal }: Making<FirewalldRulesChange>,
  rules: FirewalldRulesChange['rules'],
): Promise<void> {
  await journal.note({ type: 'firewalld-rules', rules });
  await addZoneRules(run, rules);
}
