/** The facts from which the installer makes its proposals: this machine and its network, as far as questions need it. */

import type { Bytes } from '../../lib/units.ts';
import type { DhcpServers } from './dhcp-servers.ts';
import type { Firewall } from './firewall.ts';
import type { DefaultRoute, Interface } from './interfaces.ts';
import type { PortHolder } from './ports.ts';

export type Environment = {
  readonly isUpdate: boolean;
  readonly interfaces: readonly Interface[];
  readonly defaultRoute: DefaultRoute | null;
  readonly nameServers: readonly string[];
  readonly portHolders: readonly PortHolder[];
  readonly canServeNfs: boolean;
  readonly firewall: Firewall;
  readonly freeSpaceOf: (path: string) => Promise<Bytes>;
  /** Asks the network; takes some seconds, so only when it is needed. */
  readonly findDhcpServers: (interfaceName: string) => Promise<DhcpServers>;
};
