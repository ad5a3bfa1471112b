/** What a signed GRUB image can do: it loads no modules under Secure Boot, so what is not in it is not there. */

import { readFile } from 'node:fs/promises';
import { z } from 'zod';

export const GrubFeatures = z.object({
  /** Reads files by HTTP: Debian 13 and newer. */
  http: z.boolean(),
  /** Takes the server's address from a proxy's offer (patch efinet-add-dhcp-proxy-support): Debian 13 and newer. */
  proxyDhcp: z.boolean(),
});
export type GrubFeatures = z.infer<typeof GrubFeatures>;

/** Looks into `image` for texts that only these parts of GRUB have. */
export function grubFeatures(image: Buffer): GrubFeatures {
  return {
    http: image.includes('User-Agent: GRUB'),
    proxyDhcp: image.includes('setting values from proxy offer'),
  };
}

export async function readGrubFeatures(file: string): Promise<GrubFeatures> {
  return grubFeatures(await readFile(file));
}
