/** Operators as people read them. */

import type { OperatorView } from '../../lib/model/operator-account.ts';
import type { Texts } from '../text/catalogue.ts';
import { table } from './table.ts';
import { formatTime } from './labels.ts';

export function operatorTable(
  { hosts: { columns } }: Texts,
  operators: readonly OperatorView[],
): string[] {
  return table(
    [{ title: columns.operator }, { title: columns.since }],
    operators.map(({ name, createdAt }) => [name, formatTime(createdAt)]),
  );
}
