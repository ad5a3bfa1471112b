/** What several rows of the operators' API have in common. */

import { z } from 'zod';

/** A host by id, name, MAC or IP address. */
export const HostReference = z.string().min(1).max(253);

export const Nothing = z.object({});
