/** How a set of calls and notifications is written down: names with the schemas of what goes in and out. */

import type { z } from 'zod';

export type MethodContract = { readonly params: z.ZodType; readonly result: z.ZodType };
/** The calls that one side answers. */
export type Methods = Readonly<Record<string, MethodContract>>;
/** The notifications that one side sends. */
export type Notifications = Readonly<Record<string, z.ZodType>>;

export type Params<M extends Methods, K extends keyof M> = z.output<M[K]['params']>;
export type ParamsIn<M extends Methods, K extends keyof M> = z.input<M[K]['params']>;
export type Result<M extends Methods, K extends keyof M> = z.output<M[K]['result']>;

/** The handlers of the calls of `M`. `Caller` says who calls; nothing where that is in the handler's closure. */
export type Handlers<M extends Methods, Caller extends readonly unknown[] = []> = {
  readonly [K in keyof M]: (
    params: Params<M, K>,
    ...caller: Caller
  ) => Promise<z.input<M[K]['result']>>;
};

/** What acts on notifications. */
export type Listeners<N extends Notifications> = {
  readonly [K in keyof N]?: (params: z.output<N[K]>) => void;
};
