/** A message, or the text that older programs have said and stored in its place. */

import { z } from 'zod';
import { Message } from '../message.ts';
import { MachineText } from '../machine-text.ts';
import { verbatim } from './table.ts';

export const MessageOrText = z.union([Message, MachineText.transform((text) => verbatim(text))]);
