/** How fast a session sends, as a chart. */

import { type Session } from '../../../lib/model/task.ts';
import type { Model } from '../../model.ts';
import { type Area, type ChartPanel } from '../../picture.ts';
import { textsOf } from '../../text/catalogue.ts';
import { decimalMarkIn, rateText } from '../../../lib/text/quantities.ts';

export function rateChart(session: Session | null, model: Model, area: Area): ChartPanel {
  const rates = session === null ? [] : (model.sessionRates[session.id]?.rates ?? []);
  const most = Math.max(1_000_000, ...rates);
  const now =
    session?.state === 'sending'
      ? `: ${rateText(session.bytesPerSecond ?? rates.at(-1) ?? 0, model)}`
      : '';
  return {
    type: 'chart',
    area,
    title: `${textsOf(model.language).session.rate}${now}`,
    series: [{ label: 'MB/s', values: rates.map((rate) => rate / 1_000_000) }],
    labels: { least: '0', most: rateText(most, model) },
    most: most / 1_000_000,
    decimalMark: decimalMarkIn(model),
  };
}
