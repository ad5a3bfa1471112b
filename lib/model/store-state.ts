/** What the server says about the file of its store to the installer, which knows neither its name nor its form. */

import { z } from 'zod';

const Path = z.string().max(4096);
const Version = z.int().positive();

export const StoreState = z.object({
  path: Path,
  /** null when there is no store, or none that can be read. */
  version: Version.nullable(),
  /** The version that this server makes of every older one. */
  knownVersion: Version,
  /** What older servers left, kept when it was migrated. */
  copies: z.array(z.object({ version: Version, path: Path })).max(1000),
});
export type StoreState = z.infer<typeof StoreState>;

/** `changed-since`: something other than the migration was written; nothing was put back. */
export const RestoreOutcome = z.object({ type: z.enum(['restored', 'changed-since']) });
export type RestoreOutcome = z.infer<typeof RestoreOutcome>;
