/** Counts of things and bytes. */

import { z } from 'zod';

/** A count that fits an exact JavaScript integer. */
export const Count = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
