/** Titles of tasks in German: what is done before the targets, so that it is seen where the end is cut off. */

import type { TITLE_MESSAGES } from '../../model/messages/titles.ts';
import type { TextsOf } from '../texts.ts';

type Targets = { readonly targets: readonly string[]; readonly more: number };

export const titles: TextsOf<typeof TITLE_MESSAGES> = {
  'task.capture': ({ host, image }) => `${host} aufnehmen als ${image}`,
  'task.deploy': ({ image, ...targets }) => `${image} verteilen auf ${targetsText(targets)}`,
  'task.partition': ({ image, ...targets }) =>
    `partitionieren wie ${image}: ${targetsText(targets)}`,
  'task.power-off': (targets) => `ausschalten: ${targetsText(targets)}`,
  'task.reboot': (targets) => `neu starten: ${targetsText(targets)}`,
  'task.exit': (targets) => `Engine beenden: ${targetsText(targets)}`,
  'task.several': ({ operations, ...targets }) =>
    `${operations.join(', ')}: ${targetsText(targets)}`,
  'operation.capture': ({ image }) => `aufnehmen als ${image}`,
  'operation.deploy': ({ image }) => `${image} verteilen`,
  'operation.partition': ({ image }) => `partitionieren wie ${image}`,
  'operation.power-off': 'ausschalten',
  'operation.reboot': 'neu starten',
  'operation.exit': 'Engine beenden',
};

function targetsText({ targets, more }: Targets): string {
  return more === 0 ? targets.join(', ') : `${targets.join(', ')} und ${more} weitere`;
}
