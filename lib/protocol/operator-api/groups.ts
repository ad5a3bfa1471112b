/** Operators' calls about groups. */

import { z } from 'zod';
import { GroupView } from '../../model/group.ts';
import { MAX_GROUPS } from '../../model/limits.ts';
import { Name, Reference } from '../../model/names.ts';
import { changes, polls, reads, type OperatorMethod } from './method.ts';
import { HostReference, Nothing } from './references.ts';

export const GROUP_METHODS = {
  'group.list': polls(Nothing, z.array(GroupView).max(MAX_GROUPS)),
  'group.show': reads(z.object({ group: Reference }), GroupView),
  'group.create': changes(
    ['groups', 'hosts'],
    z.object({ name: Name, hosts: z.array(HostReference).max(10_000) }),
    GroupView,
  ),
  'group.edit': changes(
    ['groups', 'hosts'],
    z.object({
      group: Reference,
      name: Name.optional(),
      add: z.array(HostReference).max(10_000),
      remove: z.array(HostReference).max(10_000),
    }),
    GroupView,
  ),
  /** Its hosts stay, without a group. */
  'group.delete': changes(['groups', 'hosts'], z.object({ group: Reference }), Nothing),
} as const satisfies Record<string, OperatorMethod>;
