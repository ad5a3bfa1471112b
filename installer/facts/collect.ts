/** Everything that the installer finds out before it asks: facts of this machine and its network. */

import { stat } from 'node:fs/promises';
import { findDhcpServers, type DhcpServers } from './dhcp-servers.ts';
import { readDistribution } from './distribution.ts';
import { findFirewall } from './firewall.ts';
import { freeSpaceOf } from './free-space.ts';
import { readInstallation, type Installation } from './installation.ts';
import { listInterfaces, readDefaultRoute } from './interfaces.ts';
import { canServeNfs } from './kernel-nfs.ts';
import { readNameServers } from './name-servers.ts';
import { listInstalledPackages } from '../tools/dpkg.ts';
import { listPortHolders } from './ports.ts';
import { realPath, type System } from '../machine/system.ts';
import { DAEMON_UNIT, DNSMASQ_UNIT } from '../machine/names.ts';
import type { Environment } from './environment.ts';

export type MachineFacts = {
  readonly environment: Environment;
  readonly installation: Installation;
  readonly installedPackages: ReadonlySet<string>;
  readonly hasSystemd: boolean;
};

/** Throws `not-allowed` on a distribution that OpenClone does not know, or a damaged earlier installation. */
export async function collectFacts(system: System): Promise<MachineFacts> {
  await readDistribution(system);
  const installation = await readInstallation(system);
  const interfaces = await listInterfaces(system.run);
  const own = interfaces.flatMap(({ addresses }) => addresses.map(({ address }) => address));
  const asked = new Map<string, Promise<DhcpServers>>();
  return {
    installation,
    installedPackages: await listInstalledPackages(system.run),
    hasSystemd: (await stat(realPath(system, '/run/systemd/system')).catch(() => null)) !== null,
    environment: {
      isUpdate: installation.isComplete,
      interfaces,
      defaultRoute: await readDefaultRoute(system.run),
      nameServers: await readNameServers(system),
      // Our own services may hold what they hold.
      portHolders: (await listPortHolders(system.run)).filter(
        ({ process }) => ![DAEMON_UNIT, DNSMASQ_UNIT].includes(process?.unit ?? ''),
      ),
      canServeNfs: await canServeNfs(system),
      firewall: await findFirewall(system.run),
      freeSpaceOf: (path) => freeSpaceOf(system, path),
      findDhcpServers: (interfaceName) => {
        const known = asked.get(interfaceName) ?? findDhcpServers(interfaceName, own);
        asked.set(interfaceName, known);
        return known;
      },
    },
  };
}
