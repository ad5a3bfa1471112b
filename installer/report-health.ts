/** The end of an installation: what doctor says of the server, and what to do next. */

import type { StepContext } from './step.ts';
import { COMMAND } from './machine/names.ts';

/** `openclone doctor` found nothing worse than warnings; found that something is wrong: the installer ends with it too. */
const WARNINGS_STATUS = 18;
const UNHEALTHY_STATUS = 19;

/** Everything was installed as planned; whether it is fit for use is what doctor says. `operator`: who was added. Returns the exit status. */
export async function reportHealth(
  {
    show,
    print,
  }: Pick<StepContext, 'show'> & { readonly print: (lines: readonly string[]) => void },
  operator: string | null,
): Promise<number> {
  const status = await show(COMMAND, ['doctor']);
  const isUnhealthy = status !== 0 && status !== WARNINGS_STATUS;
  print(whatNext({ isUnhealthy, operator }));
  return isUnhealthy ? UNHEALTHY_STATUS : 0;
}

function whatNext({
  isUnhealthy,
  operator,
}: {
  readonly isUnhealthy: boolean;
  readonly operator: string | null;
}): string[] {
  const steps = [
    ...(isUnhealthy
      ? ['Do what stands behind -> above. `sudo openclone doctor` looks again at any time.']
      : []),
    'Let your account on this server work with it: sudo usermod -aG openclone NAME; then log out and in again.',
    'Switch on a machine of the room and let it boot from the network (PXE).',
    `See it in the user interface: openclone${operator === null ? '' : ` (${operator} is for those who log in over the network)`}`,
  ];
  return [
    '',
    isUnhealthy
      ? 'OpenClone is installed, and something is still wrong. What to do next:'
      : 'OpenClone is installed. What to do next:',
    ...steps.map((step, index) => `  ${index + 1}. ${step}`),
  ];
}
