/** A user and a group of the system (useradd(8), groupadd(8)). */

import { z } from 'zod';
import type { System } from '../machine/system.ts';
import { REVERTED, type ChangeKind, type Making, type Reverted } from './kind.ts';

const userSchema = z.object({ type: z.literal('user'), name: z.string() });
export type UserChange = z.infer<typeof userSchema>;

const groupSchema = z.object({ type: z.literal('group'), name: z.string() });
export type GroupChange = z.infer<typeof groupSchema>;

export const user = {
  schema: userSchema,
  key: ({ name }) => `user ${name}`,
  describe: ({ name }) => `the user ${name}`,
  reasonToStayWithData: ({ name }) => `the user ${name}, who owns what is kept`,
  revert: (system, { name }) => remove(system, 'userdel', name),
} satisfies ChangeKind<UserChange>;

export const group = {
  schema: groupSchema,
  key: ({ name }) => `group ${name}`,
  describe: ({ name }) => `the group ${name}`,
  reasonToStayWithData: ({ name }) => `the group ${name}, who owns what is kept`,
  revert: (system, { name }) => remove(system, 'groupdel', name),
} satisfies ChangeKind<GroupChange>;

async function remove(system: System, tool: string, name: string): Promise<Reverted> {
  const NONE_OF_THAT_NAME = 6;
  await system.run(tool, [name], { allowedStatuses: [0, NONE_OF_THAT_NAME] });
  return REVERTED;
}

export async function makeGroup(
  { system, journal }: Making<GroupChange>,
  name: string,
): Promise<void> {
  await journal.note({ type: 'group', name });
  await system.run('groupadd', ['--system', name]);
}

/** Nobody logs in as it. Its group, of the same name, is there already. */
export async function makeUser(
  { system, journal }: Making<UserChange>,
  { name, home, comment }: Record<'name' | 'home' | 'comment', string>,
): Promise<void> {
  await journal.note({ type: 'user', name });
  await system.run('useradd', [
    '--system',
    '--gid',
    name,
    '--home-dir',
    home,
    '--no-create-home',
    '--shell',
    '/usr/sbin/nologin',
    '--comment',
    comment,
    name,
  ]);
}
