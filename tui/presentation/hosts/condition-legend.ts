/** The signs of the hosts that are seen, what they mean, and how many have each. */

import { LAST_WORKS } from '../../../lib/client/host-news.ts';
import { CONDITIONS } from '../../../lib/rules/host-condition.ts';
import type { HostView } from '../../../lib/model/host.ts';
import type { Model } from '../../model.ts';
import { span, type Span } from '../../picture.ts';
import {
  conditionIn,
  conditionSign,
  conditionWord,
  workOf,
  workSign,
  workWord,
} from './host-condition.ts';

/** "   ● 12 working   ○ 6 ready   ✗ 2 failed": who is on, then what the last work came to. */
export function conditionLegend(hosts: readonly HostView[], model: Model): readonly Span[] {
  const conditions = Map.groupBy(hosts, (host) => conditionIn(host, model));
  const works = Map.groupBy(hosts, (host) => workOf(host, model)?.type ?? null);
  return [
    ...CONDITIONS.flatMap((condition) =>
      counted(
        conditions.get(condition)?.length ?? 0,
        conditionSign(condition, model),
        conditionWord(condition, model),
      ),
    ),
    // What runs is counted as working already.
    ...LAST_WORKS.filter((type) => type !== 'running').flatMap((type) =>
      counted(works.get(type)?.length ?? 0, workSign(type, model), workWord(type, model)),
    ),
  ];
}

function counted(count: number, sign: Span, word: string): readonly Span[] {
  return count === 0 ? [] : [span('   '), span(`${sign.text} ${count} ${word}`, sign.style)];
}
