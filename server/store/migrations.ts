/** How a store of an older version becomes one of the next version. */

import type { Migrations } from './store-text.ts';

/**
 * One row per version that has been superseded: version N → the function that makes version N + 1 of it, its
 * `schemaVersion` included. Rows stay for ever; none yet, version 1 is the first.
 */
export const MIGRATIONS: Migrations = new Map();
