/** The signs of the hosts that are seen, what they mean, and how many have each. */

import type { HostView } from '../../lib/model/host.ts';
import type { Model } from '../model.ts';
import { span, type Span } from '../picture.ts';
import { CONDITIONS, conditionOf, conditionSign, conditionWord } from './host-condition.ts';

/** "   ● 12 working   ○ 6 ready". */
export function conditionLegend(hosts: readonly HostView[], model: Model): readonly Span[] {
  const alike = Map.groupBy(hosts, (host) => conditionOf(host, model).type);
  return CONDITIONS.flatMap((type) => {
    const count = alike.get(type)?.length ?? 0;
    if (count === 0) return [];
    const sign = conditionSign(type, model);
    return [span('   '), span(`${sign.text} ${count} ${conditionWord(type, model)}`, sign.style)];
  });
}
