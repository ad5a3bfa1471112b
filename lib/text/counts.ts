/** How many hosts did not do what was asked, and by whose doing. */

import type { RunState } from '../model/task.ts';

export type Undone = { readonly failed: number; readonly cancelled: number };

/** ", 2 failed, 1 cancelled"; empty when there is none. */
export function undoneIn(
  { failed, cancelled }: Undone,
  { failed: asFailed, aborted }: Pick<Readonly<Record<RunState, string>>, 'failed' | 'aborted'>,
): string {
  return [
    failed === 0 ? '' : `, ${failed} ${asFailed}`,
    cancelled === 0 ? '' : `, ${cancelled} ${aborted}`,
  ].join('');
}
