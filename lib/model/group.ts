/** Groups of hosts: a room, mostly. A host is in one group or in none; the host says in which. */

import { z } from 'zod';
import { GroupId } from './ids.ts';
import { Name, Timestamp } from './names.ts';

export const Group = z.object({
  id: GroupId,
  name: Name,
  createdAt: Timestamp,
});
export type Group = z.infer<typeof Group>;
