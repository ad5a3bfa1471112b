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
  /** At least one finding. An OperatorError becomes one. */
  readonly examine: (patient: Patient) => Promise<readonly Finding[]>;
};
