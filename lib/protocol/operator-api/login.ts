/** How an operator's connection begins and ends: greeting, login, logout. */

import { z } from 'zod';
import { OperatorName } from '../../model/operator-account.ts';
import { ServerInfo } from '../../model/status.ts';
import { reads, type OperatorMethod } from './method.ts';
import { Nothing } from './references.ts';

/** What everybody who can connect may know. */
export const Greeting = ServerInfo.pick({
  programVersion: true,
  protocolVersion: true,
  hostname: true,
}).extend({
  /** Nothing but operator.login is answered before a login. */
  isLoginNeeded: z.boolean().default(false),
});
export type Greeting = z.infer<typeof Greeting>;

/** What a program keeps in memory to go on after its connection broke: 256 bits. */
const LoginToken = z.string().regex(/^[A-Za-z0-9_-]{43}$/);

export const LOGIN_METHODS = {
  /** First call of a connection. */
  'server.hello': {
    ...reads(
      z.object({
        protocolVersion: z.number().int(),
        /** Who asks, where no login says so. */
        operator: z.string().min(1).max(64),
        /** Whether a login is wanted where the socket alone would do: when there is an account. */
        wantsLogin: z.boolean().optional(),
        /** Of the login that an earlier connection had; without effect when that one is over. */
        loginToken: LoginToken.optional(),
      }),
      Greeting,
    ),
    access: 'always',
  },
  /** From now on the connection is this operator's. */
  'operator.login': {
    ...reads(
      z.object({ name: z.string().max(64), password: z.string().max(1024) }),
      z.object({ name: OperatorName, loginToken: LoginToken }),
    ),
    access: 'greeted',
  },
  /** Ends the login, and the connection. */
  'operator.logout': reads(Nothing, Nothing),
  /** The operator is there: reads that a program makes by itself do not say so. */
  'operator.present': reads(Nothing, Nothing),
} as const satisfies Record<string, OperatorMethod>;
