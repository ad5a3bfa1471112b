/** What the checks before an installation need to know of this machine, beside the plan. */

import type { InstallRecord } from '../changes/record.ts';
import type { DhcpServers } from '../facts/dhcp-servers.ts';
import type { Interface } from '../facts/interfaces.ts';
import type { PortHolder } from '../facts/ports.ts';

export type PreflightFacts = {
  readonly hasSystemd: boolean;
  readonly interfaces: readonly Interface[];
  readonly portHolders: readonly PortHolder[];
  /** By the interface on which we would begin to give addresses. */
  readonly dhcpServers: ReadonlyMap<string, DhcpServers>;
  readonly canServeNfs: boolean;
  readonly record: InstallRecord | null;
};
