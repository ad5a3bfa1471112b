/** What is copied sector by sector, whatever is in it: kinds of which nothing here knows the used blocks, and what has no kind. */

import { message } from '../../lib/model/messages/table.ts';
import type { Filesystem } from './filesystem.ts';
import { planUnnamed } from './swap.ts';

/** A copy of every sector loses nothing, journals and logs included. */
export const UNREAD = {
  program: null,
  inspect: ({ type }) =>
    Promise.resolve({
      type: 'every-sector',
      reason: message('copy.kind-unchecked', { filesystem: type }),
    }),
} satisfies Filesystem;

/** Encrypted volumes and the like: that they are copied whole goes without saying. */
export const OTHER = {
  program: null,
  inspect: () => Promise.resolve({ type: 'every-sector', reason: null }),
} satisfies Filesystem;

export const UNNAMED = { ...OTHER, plan: planUnnamed } satisfies Filesystem;
