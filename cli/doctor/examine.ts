/** Runs all checks at once and collects their findings. */

import type { DhcpAnswer } from '../../lib/dhcp/answer.ts';
import { probeDhcp } from '../../lib/dhcp/probe.ts';
import { describeError, OperatorError, toReport } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import type { Site, Subnet } from '../../lib/model/site.ts';
import { readBuild, type Build } from './build.ts';
import type { Check, Patient, Surroundings } from './check.ts';
import { parseAddresses, type InterfaceAddresses } from './checks/addresses.ts';
import { failure, skipped, type Finding } from './finding.ts';
import { CLIENT_ARCH, FIRMWARES, subnetLabel, type Firmware } from './firmware.ts';
import { readSite } from './site-file.ts';

export type Examination = {
  readonly name: string;
  readonly title: string;
  readonly findings: readonly Finding[];
};

/** dnsmasq offers an address after up to 3 s of trying it by ping; five more for slow servers and networks. */
const DHCP_TIMEOUT_MS = 8000;

/** `onDone` is called with each check as it ends. Returns results in the order of `checks`, the site file first. Never throws. */
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
  const interfaces = await interfacesOrNone(surroundings.run);
  const missing = interfaces === null ? [] : site.subnets.filter((each) => !has(interfaces, each));
  const reachable = site.subnets.filter((each) => !missing.includes(each));
  const base: Patient = {
    ...surroundings,
    site,
    build: await readBuildOrNull(site),
    ownAddresses: (interfaces ?? []).flatMap(({ addresses }) =>
      addresses.map(({ address }) => address),
    ),
    deadUnits: [],
    // Nobody is asked by an interface that does not have our address.
    dhcpAnswers: dhcpAnswersOf({ ...site, subnets: reachable }),
  };
  let done = 1;
  const count = (examination: Examination): Examination => {
    done += 1;
    onDone(done, total);
    return examination;
  };
  // What others need is looked at first: one cause, one finding.
  const ofServices = checks.find(({ name }) => name === 'services');
  const servicesSeen = ofServices === undefined ? null : count(await examineOne(ofServices, base));
  const patient = { ...base, deadUnits: failuresOf(servicesSeen) };
  const others = await Promise.all(
    checks.map(async (check) =>
      check === ofServices && servicesSeen !== null
        ? servicesSeen
        : count(await examineWhatIsThere(check, patient, missing)),
    ),
  );
  return [first, ...others];
}

/** What a failure was found about. */
function failuresOf(examination: Examination | null): string[] {
  const failures = examination?.findings.filter(({ type }) => type === 'failure') ?? [];
  return failures.map(({ about }) => about);
}

/** null when they cannot be listed: then none is missing. */
async function interfacesOrNone(run: Run): Promise<InterfaceAddresses[] | null> {
  return run('ip', ['-json', 'address', 'show']).then(
    ({ stdout }) => parseAddresses(stdout),
    () => null,
  );
}

function has(interfaces: readonly InterfaceAddresses[], subnet: Subnet): boolean {
  const own = interfaces.find(({ name }) => name === subnet.interfaceName);
  return own?.addresses.some(({ address }) => address === subnet.serverAddress) ?? false;
}

/** Leaves out what follows from what another check says already. */
async function examineWhatIsThere(
  check: Check,
  patient: Patient,
  missing: readonly Subnet[],
): Promise<Examination> {
  const { name, title, needs } = check;
  if (needs?.unit !== undefined && patient.deadUnits.includes(needs.unit)) {
    return { name, title, findings: [skipped('', `see services: ${needs.unit}`)] };
  }
  if (needs?.address !== true || missing.length === 0) return examineOne(check, patient);
  const left = missing.map((subnet) => skipped(subnetLabel(subnet), 'see addresses'));
  const subnets = patient.site.subnets.filter((subnet) => !missing.includes(subnet));
  if (subnets.length === 0) return { name, title, findings: left };
  const site = { ...patient.site, subnets };
  const { findings } = await examineOne(check, { ...patient, site });
  return { name, title, findings: [...findings, ...left] };
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
        // Callers that await it get the failure; perhaps none does.
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
