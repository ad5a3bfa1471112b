/** Which builds of the root file system hosts run from now, as the installed command tells. */

import { z } from 'zod';
import { askServer } from './ask-server.ts';
import type { System } from '../machine/system.ts';

/** Of whatever version the running server is. */
const Hosts = z.array(
  z.object({
    state: z.string(),
    systemInfo: z
      .object({ engine: z.object({ buildId: z.string().nullable() }).optional() })
      .nullable(),
  }),
);

/** The ids, each once; null when the server does not say: then any build may be in use. */
export async function buildsInUse(system: System): Promise<readonly string[] | null> {
  try {
    const ids = Hosts.parse(JSON.parse(await askServer(system, ['host', 'list'])))
      .filter(({ state }) => state !== 'off')
      .flatMap(({ systemInfo }) => systemInfo?.engine?.buildId ?? []);
    return [...new Set(ids)];
  } catch {
    return null;
  }
}
