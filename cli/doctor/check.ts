/** What a check is, and what it can look at. One per file in checks/. */

import type { OperatorClient } from '../../lib/client/operator-client.ts';
import type { DhcpAnswer } from '../../lib/dhcp/answer.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Message, SimpleMessage } from '../../lib/model/message.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import type { Build } from './build.ts';
import type { Finding, Unfinished } from './finding.ts';
import type { Firmware } from './firmware.ts';

export type Surroundings = {
  readonly run: Run;
  readonly isRoot: boolean;
  /** Whether checks may take minutes. */
  readonly long: boolean;
  readonly dataDirectory: string;
  readonly socketPath: string;
  /** Throws `connection-failed` when no server answers. */
  readonly connect: () => Promise<OperatorClient>;
};

/** The server that is checked, and the ways to look at it. */
export type CheckedServer = Surroundings & {
  readonly site: Site;
  /** The build that hosts boot now; null when there is none. */
  readonly build: Build | null;
  /** All IPv4 addresses of this machine, whatever the site says. */
  readonly ownAddresses: readonly string[];
  /** Units that should run and do not: the check "services" says so. */
  readonly deadUnits: readonly string[];
  /** What DHCP servers answer a client of this firmware in this subnet; asked once however many checks want it. */
  readonly dhcpAnswers: (subnet: Subnet, firmware: Firmware) => Promise<readonly DhcpAnswer[]>;
};

export type Check = {
  /** "dhcp" */
  readonly name: string;
  /** "DHCP on the wire" */
  readonly title: Message;
  /** Why it cannot be done by others than root; null when everybody can. */
  readonly rootBecause: SimpleMessage | null;
  /**
   * Without what it has nothing to say: the server's address in a subnet (that subnet is left out then), or a service.
   * What is missing is reported once, by the checks "addresses" and "services".
   */
  readonly needs?: { readonly address?: true; readonly unit?: string };
  /** Looks, and returns at least one finding. What it throws makes the check an unfinished one. */
  readonly perform: (server: CheckedServer) => Promise<readonly Finding[]>;
};

export type CheckResult = {
  readonly name: string;
  readonly title: Message;
  readonly findings: readonly (Finding | Unfinished)[];
};
