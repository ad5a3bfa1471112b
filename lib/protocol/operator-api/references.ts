/** How operators' calls name hosts and groups. */

import { z } from 'zod';

/** A host by id, name, MAC or IP address. */
export const HostReference = z.string().min(1).max(253);

/** Hosts and groups by reference. */
export const Targets = z.array(z.string().min(1).max(253)).min(1).max(10_000);

export const Nothing = z.object({});
