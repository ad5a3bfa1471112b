/** Every change of many hosts before it is made: old, new, and what stands against it. */

import { padEnd, widthOf } from '../../../lib/columns.ts';
import { render } from '../../../lib/messages/render.ts';
import { message } from '../../../lib/model/messages/table.ts';
import type { HostConflict } from '../../../lib/rules/host-names.ts';
import type { Model } from '../../model.ts';
import { line, span, type Line } from '../../picture.ts';
import { glyphsOf } from '../../glyphs.ts';
import { textsOf } from '../../text/catalogue.ts';
import { unreachable } from '../../../lib/unreachable.ts';

export type PlannedChange = {
  /** What the host is called now. */
  readonly host: string;
  /** What it has now, and what it gets: null when the rule has nothing left for it. */
  readonly from: string | null;
  readonly to: string | null;
  /** Null when nothing stands against it. */
  readonly fault: string | null;
};

export function faultText(
  conflict: HostConflict | null,
  { language }: Pick<Model, 'language'>,
): string | null {
  if (conflict === null) return null;
  const texts = textsOf(language).hosts.conflicts;
  const other = conflict.other?.name ?? '';
  switch (conflict.type) {
    case 'invalid-name':
      return render(language, message('name.not-of-host'));
    case 'name-taken':
    case 'address-taken':
      return conflict.other?.isChanged === true ? texts.twice(other) : texts.taken(other);
    default:
      return unreachable(conflict.type);
  }
}

/** Why the changes cannot be made as they are; null when they can. */
export function refusalForChanges(
  changes: readonly PlannedChange[],
  { language }: Pick<Model, 'language'>,
): string | null {
  const texts = textsOf(language).hosts;
  const faults = changes.filter(({ fault }) => fault !== null).length;
  if (faults > 0) return texts.conflicts.some(faults);
  return changes.every(({ from, to }) => from === to) ? texts.nothingChanges : null;
}

export function changeLines(changes: readonly PlannedChange[], model: Model): Line[] {
  const texts = textsOf(model.language).hosts;
  const hosts = Math.max(...changes.map(({ host }) => widthOf(host)), 4);
  const from = Math.max(...changes.map((each) => widthOf(each.from ?? '-')), 4);
  const to = Math.max(...changes.map((each) => widthOf(each.to ?? '-')), 4);
  const faults = changes.filter(({ fault }) => fault !== null).length;
  const isName = changes.every((each) => each.from === each.host);
  return [
    line(
      span(
        ` ${texts.preview(changes.filter(({ from: old, to: next }) => old !== next).length)}`,
        'strong',
      ),
      span(faults === 0 ? '' : `   ${texts.conflicts.some(faults)}`, 'bad'),
    ),
    ...changes.map((each) => {
      const { fault } = each;
      const isSame = each.from === each.to;
      return line(
        span(
          ` ${fault === null ? (isSame ? ' ' : glyphsOf(model).done) : glyphsOf(model).failed} `,
          fault === null ? 'good' : 'bad',
        ),
        ...(isName ? [] : [span(`${padEnd(each.host, hosts)}  `)]),
        span(padEnd(each.from ?? '-', from), 'dim'),
        span(model.unicode ? ' → ' : ' > ', 'dim'),
        span(padEnd(each.to ?? '-', to), isSame ? 'dim' : 'strong'),
        span(
          fault === null ? (isSame ? `  ${texts.stays}` : '') : `  ${fault}`,
          fault === null ? 'dim' : 'bad',
        ),
      );
    }),
  ];
}
