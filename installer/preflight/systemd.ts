/** Whether this machine can run a service at all. */

import type { PreflightFacts } from './facts.ts';
import { type Obstacle, obstacle } from './obstacle.ts';

export function systemObstacles({ hasSystemd }: Pick<PreflightFacts, 'hasSystemd'>): Obstacle[] {
  if (hasSystemd) return [];
  return [
    obstacle(
      'systemd does not run here',
      'OpenClone runs as a systemd service: install it on a machine, or in a container that boots systemd.',
    ),
  ];
}
