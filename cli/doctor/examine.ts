/** Does all checks at once and gathers what they find. */

import type { DhcpAnswer } from '../../lib/dhcp/answer.ts';
import { probeDhcp } from '../../lib/dhcp/probe.ts';
import { describeError, OperatorError, toReport } from '../../lib/errors.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import { readBuild, type Build } from './build.ts';
import type { Check, Patient, Surroundings } from './check.ts';
import { failure, skipped, type Finding } from './finding.ts';
import { CLIENT_ARCH, FIRMWARES, type Firmware } from './firmware.ts';
import { readSite } from './site-file.ts';

export type Examination = {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly Finding[];
};

/** dnsmasq offers an address after up to 3 s of trying it by ping; five more for slow servers and networks. */
const DHCP_TIMEOUT_MS = 8000;

/** `onDone` hears of each check as it ends. Answers in the order of `checks`, the site file first. Never throws. */
export async function examine(
  surroundings: Surroundings,
  siteFile: string,
  checks: readonly Check[],
  onDone: (done: number, total: number) => void,
): Promise<Examination[]> {
  const total = checks.length + 1;
  const { site, findings } = await readSite(siteFile);
  const first = { name: 'site', title: 'the site file', findings };
  onDone(1, total);
  if (site === null) {
    const unseen = [skipped('', 'without a valid site file this cannot be judged')];
    return [first, ...checks.map(({ name, title }) => ({ name, title, findings: unseen }))];
  }
  const patient: Patient = {
    ...surroundings,
    site,
    build: await readBuildOrNull(site),
    dhcpAnswers: dhcpAnswersOf(site),
  };
  let done = 1;
  const others = await Promise.all(
    checks.map(async (check) => {
      const examination = await examineOne(check, patient);
      done += 1;
      onDone(done, total);
      return examination;
    }),
  );
  return [first, ...others];
}

async function examineOne(check: Check, patient: Patient): Promise<Examination> {
  const { name, title, rootBecause } = check;
  if (rootBecause !== null && !patient.isRoot) {
    const why = `only root can do this: ${rootBecause}`;
    return { name, title, findings: [skipped('', why, 'sudo openclone doctor')] };
  }
  try {
    return { name, title, findings: await check.examine(patient) };
  } catch (error) {
    return { name, title, findings: [findingOf(error)] };
  }
}

function findingOf(error: unknown): Finding {
  const report = toReport(error);
  const found = describeError(report);
  const unseen = error instanceof OperatorError && error.code === 'tool-missing';
  return unseen ? skipped('', found, report.hint) : failure('', found, report.hint);
}

/** An unreadable build is no build to most checks; the check "rootfs" says what is wrong with it. */
async function readBuildOrNull(site: Site): Promise<Build | null> {
  return readBuild(site.netbootDirectory).catch(() => null);
}

/** One probe per subnet and firmware, those of a subnet one after the other: they share port 68 of its address. */
function dhcpAnswersOf(site: Site): Patient['dhcpAnswers'] {
  const byKey = new Map<string, Promise<readonly DhcpAnswer[]>>();
  const keyOf = (subnet: Subnet, firmware: Firmware): string => `${subnet.name} ${firmware}`;
  const begin = (): void => {
    const lastOf = new Map<string, Promise<unknown>>();
    // Behind a relay are other broadcasts than those of our interface.
    for (const subnet of site.subnets.filter(({ relayed }) => !relayed)) {
      for (const firmware of FIRMWARES) {
        const before = lastOf.get(subnet.interfaceName) ?? Promise.resolve();
        const probe = async (): Promise<readonly DhcpAnswer[]> =>
          probeDhcp({
            interfaceName: subnet.interfaceName,
            clientArch: CLIENT_ARCH[firmware],
            timeoutMs: DHCP_TIMEOUT_MS,
          });
        const answers = before.then(probe, probe);
        // Whoever wants it hears of a failure; nobody may want it.
        answers.catch(() => undefined);
        byKey.set(keyOf(subnet, firmware), answers);
        lastOf.set(subnet.interfaceName, answers);
      }
    }
  };
  return (subnet, firmware) => {
    if (byKey.size === 0) begin();
    return byKey.get(keyOf(subnet, firmware)) ?? Promise.resolve([]);
  };
}
