/** What a check is, and what it can look at. One per file in checks/. */

import type { OperatorClient } from '../../lib/client/operator-client.ts';
import type { DhcpAnswer } from '../../lib/dhcp/answer.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import type { Build } from './build.ts';
import type { Finding } from './finding.ts';
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

export type Patient = Surroundings & {
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
  /** "DHCP answers on the wire" */
  readonly title: string;
  /** Why it cannot be done by others than root; null when everybody can. */
  readonly rootBecause: string | null;
  /**
   * Without what it has nothing to say: the server's address in a subnet (that subnet is left out then), or a service.
   * What is missing is reported once, by the checks "addresses" and "services".
   */
  readonly needs?: { readonly address?: true; readonly unit?: string };
  /** At least one finding. An OperatorError becomes one. */
  readonly examine: (patient: Patient) => Promise<readonly Finding[]>;
};
