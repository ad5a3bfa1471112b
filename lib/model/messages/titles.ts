/** Titles of tasks. `more` is how many targets there are besides those that are named. */

import type { Declarations } from '../message.ts';

const TARGETS = { targets: 'texts', more: 'number' } as const;

export const TITLE_MESSAGES = {
  'task.capture': { host: 'text', image: 'text' },
  'task.deploy': { image: 'text', ...TARGETS },
  'task.partition': { image: 'text', ...TARGETS },
  'task.power-off': TARGETS,
  'task.reboot': TARGETS,
  'task.exit': TARGETS,
  'task.several': { operations: 'messages', ...TARGETS },
  // operations among others
  'operation.capture': { image: 'text' },
  'operation.deploy': { image: 'text' },
  'operation.partition': { image: 'text' },
  'operation.power-off': {},
  'operation.reboot': {},
  'operation.exit': {},
} as const satisfies Declarations;
