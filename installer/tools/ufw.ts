/** ufw(8) */

/** The name of our application, which /etc/ufw/applications.d/openclone describes. */
export const UFW_APPLICATION_NAME = 'OpenClone';

/**
 * What `ufw` is given for each rule, and after "delete" to take it back. Who asks for an address has none yet, so no
 * rule about networks lets DHCP in, and ufw's own rules know clients only.
 */
export function ufwRules(
  networks: readonly string[],
  dhcpInterfaces: readonly string[],
): (readonly string[])[] {
  return [
    ...networks.map((network) => [
      'allow',
      'from',
      network,
      'to',
      'any',
      'app',
      UFW_APPLICATION_NAME,
    ]),
    ...dhcpInterfaces.map((name) => [
      'allow',
      'in',
      'on',
      name,
      'proto',
      'udp',
      'from',
      'any',
      'port',
      '68',
      'to',
      'any',
      'port',
      '67',
    ]),
  ];
}

/** Whether `ufw status` shows all of these rules. */
export function hasUfwRules(
  status: string,
  networks: readonly string[],
  dhcpInterfaces: readonly string[],
): boolean {
  const lines = status.split('\n');
  return (
    networks.every((network) =>
      lines.some(
        (line) =>
          line.startsWith(`${UFW_APPLICATION_NAME} `) && line.split(/\s+/).includes(network),
      ),
    ) && dhcpInterfaces.every((name) => lines.some((line) => line.startsWith(`67/udp on ${name} `)))
  );
}
