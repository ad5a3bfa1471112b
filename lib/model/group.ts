/** Groups of hosts: a room, mostly. A host is in one group or in none; the host says in which. */

import { z } from 'zod';
import { GroupId, HostId } from './ids.ts';
import { MAX_HOSTS } from './limits.ts';
import { Name, Timestamp } from './names.ts';

export const Group = z.object({
  id: GroupId,
  name: Name,
  createdAt: Timestamp,
});
export type Group = z.infer<typeof Group>;

/** A group with its hosts, as operators see it. */
export const GroupView = Group.extend({
  hosts: z.array(z.object({ id: HostId, name: z.string().max(253) })).max(MAX_HOSTS),
});
export type GroupView = z.infer<typeof GroupView>;
