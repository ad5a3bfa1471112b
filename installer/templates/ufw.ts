/** An application of ufw(8): the ports that hosts reach us by. */

import { SESSION_PORTS, type PlannedPort } from '../ports.ts';

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
