/** An error as it travels and as it is stored. */

import { z } from 'zod';
import { Message } from './message.ts';
import { ERROR_TREATMENT, type ErrorCode } from './error-treatment.ts';

const ErrorCodeSchema = z.custom<ErrorCode>(
  (value) => typeof value === 'string' && Object.hasOwn(ERROR_TREATMENT, value),
  'not an error code of this version',
);

/** An error as it travels and as it is stored: causes are texts, the outermost first. */
export const ErrorReport = z.object({
  code: ErrorCodeSchema,
  message: z.string().max(4000),
  hint: z.string().max(4000),
  causes: z.array(z.string().max(4000)).max(20),
  /** Why not, in words of any language: `message` has it in English. */
  reason: Message.optional(),
});
export type ErrorReport = z.infer<typeof ErrorReport>;
