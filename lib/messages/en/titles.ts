/** Titles of tasks in English. */

import type { TITLE_MESSAGES } from '../../model/messages/titles.ts';
import type { TextsOf } from '../texts.ts';

type Targets = { readonly targets: readonly string[]; readonly more: number };

export const titles: TextsOf<typeof TITLE_MESSAGES> = {
  'task.capture': ({ host, image }) => `capture ${host} to ${image}`,
  'task.deploy': ({ image, ...targets }) => `deploy ${image} to ${targetsText(targets)}`,
  'task.partition': ({ image, ...targets }) => `partition ${targetsText(targets)} like ${image}`,
  'task.power-off': (targets) => `shut down ${targetsText(targets)}`,
  'task.reboot': (targets) => `reboot ${targetsText(targets)}`,
  'task.exit': (targets) => `end the engine of ${targetsText(targets)}`,
  'task.several': ({ operations, ...targets }) =>
    `${operations.join(', ')}: ${targetsText(targets)}`,
  'operation.capture': ({ image }) => `capture to ${image}`,
  'operation.deploy': ({ image }) => `deploy ${image}`,
  'operation.partition': ({ image }) => `partition like ${image}`,
  'operation.power-off': 'shut down',
  'operation.reboot': 'reboot',
  'operation.exit': 'end the engine',
};

function targetsText({ targets, more }: Targets): string {
  return more === 0 ? targets.join(', ') : `${targets.join(', ')} and ${more} more`;
}
