/** Operators as people read them. */

import type { OperatorView } from '../../lib/model/operator-account.ts';
import { table } from './table.ts';
import { formatTime } from './words.ts';

export function operatorTable(operators: readonly OperatorView[]): string[] {
  return table(
    [{ title: 'OPERATOR' }, { title: 'SINCE' }],
    operators.map(({ name, createdAt }) => [name, formatTime(createdAt)]),
  );
}
