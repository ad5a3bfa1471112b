/** An application of ufw(8): the ports that hosts reach us by. */

import type { PlannedPort } from '../plan.ts';

/** Of multicast sessions and their answers (server/sessions/ports.ts). */
export const SESSION_PORTS = [9000, 9999] as const;

export function ufwApplication(ports: readonly PlannedPort[]): string {
  const list = [
    ...ports.map(({ port, protocol }) => `${port}/${protocol}`),
    `${SESSION_PORTS.join(':')}/udp`,
  ];
  return [
    '[OpenClone]',
    'title=OpenClone',
    'description=Net-boot, engines and multicast of OpenClone',
    `ports=${list.join('|')}`,
    '',
  ].join('\n');
}
