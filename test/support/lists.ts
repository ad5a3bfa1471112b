/** Items of lists. */

import assert from 'node:assert/strict';

/** The item of that index, which must be there. */
export function at<T>(list: readonly T[], index: number): T {
  const item = list[index];
  assert.ok(item !== undefined);
  return item;
}
