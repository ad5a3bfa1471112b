/** What an nftables rule set does with a new packet to this machine (nft(8), libnftables-json(5)). */

import { z } from 'zod';
import { isInNetwork } from '../../lib/network/ipv4.ts';

export type Packet = {
  readonly protocol: 'tcp' | 'udp';
  readonly destinationPort: number;
  readonly interfaceName: string;
  /** An address of the network that it comes from. */
  readonly sourceAddress: string;
  readonly destinationAddress: string;
};

/** "unclear": a rule that decides asks for something that is not understood here. */
export type Fate = 'accepted' | 'dropped' | 'unclear';

export type Ruleset = { readonly chains: readonly Chain[]; readonly rules: readonly Rule[] };

const Chain = z.object({
  family: z.string(),
  table: z.string(),
  name: z.string(),
  hook: z.string().optional(),
  policy: z.string().optional(),
});
type Chain = z.infer<typeof Chain>;

const Rule = z.object({
  family: z.string(),
  table: z.string(),
  chain: z.string(),
  expr: z.array(z.record(z.string(), z.unknown())).default([]),
});
type Rule = z.infer<typeof Rule>;

const Output = z.object({
  nftables: z.array(z.looseObject({ chain: Chain.optional(), rule: Rule.optional() })),
});

/** Reads what `nft --json list ruleset` prints. */
export function parseRuleset(text: string): Ruleset {
  const { nftables } = Output.parse(JSON.parse(text));
  return {
    chains: nftables.flatMap(({ chain }) => (chain === undefined ? [] : [chain])),
    rules: nftables.flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
  };
}

/** Every chain of the input hook has to let it through. */
export function fateOf(ruleset: Ruleset, packet: Packet): Fate {
  const fates = ruleset.chains
    .filter(({ family, hook }) => hook === 'input' && ['ip', 'inet'].includes(family))
    .map((chain): Fate => {
      const { certain, verdict } = walk(ruleset, chain, packet, 0);
      const final = verdict ?? (chain.policy === 'drop' ? 'dropped' : 'accepted');
      return certain ? final : 'unclear';
    });
  if (fates.includes('dropped')) return 'dropped';
  return fates.includes('unclear') ? 'unclear' : 'accepted';
}

type Walk = {
  /** null: the chain ended without one. */
  readonly verdict: 'accepted' | 'dropped' | null;
  /** Whether every rule on the way that could have decided otherwise was understood. */
  readonly certain: boolean;
};

/** nft(8) limits the depth of jumps to 16. */
const MOST_JUMPS = 16;

function walk(ruleset: Ruleset, chain: Chain, packet: Packet, depth: number): Walk {
  let doubt: 'accepted' | 'dropped' | null = null;
  const end = (verdict: Walk['verdict'], certain = true): Walk => ({
    verdict,
    // A rule that perhaps says the same changes nothing.
    certain: certain && (doubt === null || doubt === verdict),
  });
  for (const rule of ruleset.rules) {
    if (rule.chain !== chain.name || rule.table !== chain.table || rule.family !== chain.family) {
      continue;
    }
    const matches = rule.expr.map((part) => matchOf(part, packet));
    if (matches.includes('no')) continue;
    const decision = decisionOf(rule);
    if (decision === null) continue;
    const unclear = matches.includes('unclear');
    if (decision.type === 'return') {
      if (!unclear) return end(null);
      doubt ??= 'dropped';
      continue;
    }
    if (decision.type === 'verdict') {
      if (!unclear) return end(decision.verdict);
      doubt ??= decision.verdict;
      continue;
    }
    const target = ruleset.chains.find(
      ({ family, name, table }) =>
        name === decision.target && table === rule.table && family === rule.family,
    );
    if (target === undefined || depth >= MOST_JUMPS) return { verdict: null, certain: false };
    const inner = walk(ruleset, target, packet, depth + 1);
    if (inner.verdict !== null && inner.certain && !unclear) return end(inner.verdict);
    if (inner.verdict !== null || !inner.certain) doubt ??= inner.verdict ?? 'dropped';
    if (decision.type === 'goto' && !unclear) return end(null, inner.certain);
  }
  return end(null, doubt === null);
}

type Decision =
  | { readonly type: 'verdict'; readonly verdict: 'accepted' | 'dropped' }
  | { readonly type: 'jump' | 'goto'; readonly target: string }
  | { readonly type: 'return' };

const Target = z.object({ target: z.string() });

function decisionOf({ expr }: Rule): Decision | null {
  for (const part of expr) {
    if ('accept' in part) return { type: 'verdict', verdict: 'accepted' };
    if ('drop' in part || 'reject' in part) return { type: 'verdict', verdict: 'dropped' };
    if ('return' in part) return { type: 'return' };
    for (const type of ['jump', 'goto'] as const) {
      const target = Target.safeParse(part[type]);
      if (target.success) return { type, target: target.data.target };
    }
  }
  return null;
}

type Match = 'yes' | 'no' | 'unclear';

/** What goes with a rule without deciding whether it matches. */
const SIDE_EFFECTS = ['accept', 'drop', 'reject', 'return', 'jump', 'goto', 'counter', 'log'];

const MatchPart = z.object({
  op: z.string(),
  left: z.union([
    z.object({ payload: z.object({ protocol: z.string(), field: z.string() }) }),
    z.object({ meta: z.object({ key: z.string() }) }),
    z.object({ ct: z.object({ key: z.string() }) }),
  ]),
  right: z.unknown(),
});

function matchOf(part: Readonly<Record<string, unknown>>, packet: Packet): Match {
  if (Object.keys(part).every((key) => SIDE_EFFECTS.includes(key))) return 'yes';
  const parsed = MatchPart.safeParse(part['match']);
  if (!parsed.success) return 'unclear';
  const { left, op, right } = parsed.data;
  if (!['==', '!=', 'in'].includes(op)) return 'unclear';
  const same = sideOf(left, right, packet);
  if (op !== '!=' || same === 'unclear') return same;
  return same === 'yes' ? 'no' : 'yes';
}

function sideOf(left: z.infer<typeof MatchPart>['left'], right: unknown, packet: Packet): Match {
  const { destinationAddress, destinationPort, interfaceName, protocol, sourceAddress } = packet;
  if ('ct' in left) {
    // The first packet of anything is "new" (conntrack).
    return left.ct.key === 'state' ? oneOf(right, (state) => state === 'new') : 'unclear';
  }
  if ('meta' in left) {
    const { key } = left.meta;
    if (key === 'l4proto') return oneOf(right, (name) => name === protocol);
    if (key === 'nfproto') return oneOf(right, (name) => name === 'ipv4');
    if (key === 'iifname' || key === 'iif') {
      return oneOf(right, (name) => isNameOf(name, interfaceName));
    }
    return 'unclear';
  }
  const { field, protocol: of } = left.payload;
  if (['icmp', 'icmpv6', 'ip6', 'igmp'].includes(of)) return 'no';
  if (['tcp', 'udp'].includes(of) && of !== protocol) return 'no';
  if (field === 'dport') return oneOf(right, (value) => isPort(value, destinationPort));
  if (field === 'protocol') return oneOf(right, (name) => name === protocol);
  if (of === 'ip' && field === 'saddr') {
    return oneOf(right, (value) => isAddress(value, sourceAddress));
  }
  if (of === 'ip' && field === 'daddr') {
    return oneOf(right, (value) => isAddress(value, destinationAddress));
  }
  return 'unclear';
}

const Several = z.union([z.array(z.unknown()), z.object({ set: z.array(z.unknown()) })]);

/** The right side is a value, a list or an anonymous set; what is named ("@allowed") is not looked up. */
function oneOf(right: unknown, matches: (value: unknown) => boolean): Match {
  if (typeof right === 'string' && right.startsWith('@')) return 'unclear';
  const several = Several.safeParse(right);
  const values = !several.success
    ? [right]
    : Array.isArray(several.data)
      ? several.data
      : several.data.set;
  return values.some(matches) ? 'yes' : 'no';
}

const Range = z.object({ range: z.tuple([z.number(), z.number()]) });
const Prefix = z.object({ prefix: z.object({ addr: z.ipv4(), len: z.number() }) });

function isPort(value: unknown, port: number): boolean {
  const range = Range.safeParse(value);
  if (!range.success) return value === port;
  const [first, last] = range.data.range;
  return first <= port && port <= last;
}

function isAddress(value: unknown, address: string): boolean {
  const prefix = Prefix.safeParse(value);
  if (!prefix.success) return value === address;
  const { addr, len } = prefix.data.prefix;
  return isInNetwork(address, addr, len);
}

/** "eth*" means every name that begins so. */
function isNameOf(value: unknown, interfaceName: string): boolean {
  if (typeof value !== 'string') return false;
  return value.endsWith('*')
    ? interfaceName.startsWith(value.slice(0, -1))
    : value === interfaceName;
}
