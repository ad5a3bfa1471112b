/** build.json: what a root file system of the hosts is, beside it on the server and inside it for the engine. */

import { z } from 'zod';

/** Raised whenever an older program would misread the file. */
export const BUILD_FORMAT_VERSION = 1;

/** When it was built, UTC, and four digits of what it is made of: "20261121-113000-1a2b". */
export const BuildId = z
  .string()
  .regex(/^[0-9]{8}-[0-9]{6}-[0-9a-f]{4}$/, 'an id of a build is YYYYMMDD-HHMMSS-XXXX')
  .brand<'BuildId'>();
export type BuildId = z.infer<typeof BuildId>;

export const BuildFile = z.object({
  formatVersion: z.literal(BUILD_FORMAT_VERSION),
  id: BuildId,
  builtAt: z.iso.datetime(),
  /** Version of the OpenClone that the engine is of. */
  programVersion: z.string().max(100),
  /** The kernel's own version, as the names of its modules' directory. */
  kernel: z.string().max(100),
  /** Of the distribution: "bookworm". */
  suite: z.string().max(100),
});
export type BuildFile = z.infer<typeof BuildFile>;

/** The copy on the server knows more. */
export const ServerBuildFile = BuildFile.extend({
  /** Which base of NETBOOT/bases it is made from. */
  base: z.string().regex(/^[0-9a-f]{16}$/),
  /** Null when there is none: hosts need NFS then. */
  squashfs: z
    .object({ sizeBytes: z.int().positive(), sha256: z.string().regex(/^[0-9a-f]{64}$/) })
    .nullable(),
  /** Whether drivers of adapters that only servers have are in it. Builds before 0.3 had most of them, and say nothing. */
  serverHardware: z.boolean().optional(),
  /** Whether firmware of network cards was asked for; builds before 0.3 do not say. */
  firmware: z.boolean().optional(),
});
export type ServerBuildFile = z.infer<typeof ServerBuildFile>;
