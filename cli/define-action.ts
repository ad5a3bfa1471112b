/** Actions of commands whose input has a schema, and what is said of input that does not fit it. */

import type { z } from 'zod';
import { OperatorError } from '../lib/errors.ts';
import { complaintOf, complaintText } from '../lib/messages/complaint.ts';
import { camelCase } from './camel-case.ts';
import type { Action, Context, Outcome, Usage } from './command.ts';

/** Makes the action of a command whose input has a schema. */
export function defineAction<S extends z.ZodObject>({
  input: schema,
  run,
}: {
  readonly input: S;
  readonly run: (context: Context, input: z.output<S>) => Promise<Outcome>;
}): Action {
  return {
    read: (usage, entered) => {
      const parsed = schema.safeParse(entered);
      if (!parsed.success) throw badInput(usage, entered, parsed.error);
      const input = parsed.data;
      return { input, run: (context) => run(context, input) };
    },
  };
}

function badInput(
  usage: Usage,
  entered: Readonly<Record<string, unknown>>,
  error: z.ZodError,
): OperatorError {
  const [issue] = error.issues;
  const key = String(issue?.path[0] ?? '');
  const value = valueAt(entered, issue?.path ?? []);
  const said = issue === undefined ? 'not what is expected' : complaintText(issue);
  const reason = issue === undefined ? null : complaintOf(issue);
  const shown = typeof value === 'string' ? ` "${value}"` : '';
  return new OperatorError({
    code: 'bad-argument',
    message: `reading ${labelOf(usage, key)}${shown}: ${said}`,
    hint: `See \`openclone ${usage.path} --help\`.`,
    ...(reason === null ? {} : { reason }),
  });
}

function labelOf(usage: Usage, key: string): string {
  const option = usage.options
    ?.map(({ flags }) => /--[a-z-]+/.exec(flags)?.[0] ?? '')
    .find((flag) => camelCase(flag.replace(/^--(no-)?/, '')) === key);
  if (option !== undefined) return option;
  const argument = usage.arguments
    ?.map(({ syntax }) => syntax.replace(/[<>[\].]/g, ''))
    .find((name) => camelCase(name) === key);
  return argument === undefined ? 'the command line' : argument.toUpperCase();
}

function valueAt(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (inner, key) =>
      typeof inner === 'object' && inner !== null ? Reflect.get(inner, key) : undefined,
    value,
  );
}
