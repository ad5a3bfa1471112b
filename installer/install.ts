/** Installing and updating: look around, settle the answers, show the plan, refuse or go on, do the steps. */

import { OperatorError } from '../lib/errors.ts';
import type { Site, Subnet } from '../lib/model/site.ts';
import { readAnswersFile, type Answers, type GivenAnswers } from './answers.ts';
import type { DhcpServers } from './facts/dhcp-servers.ts';
import { Journal } from './changes/journal.ts';
import { executeSteps, pendingSteps, type StepProgress } from './execute.ts';
import { makePlan, type Plan } from './plan.ts';
import { readPackageList } from './packages.ts';
import { findObstacles, systemObstacles, type Obstacle } from './preflight.ts';
import { planLines } from './print-plan.ts';
import {
  answerKeeper,
  answersOfInstalled,
  knownAnswers,
  mergeAnswers,
  sameAnswers,
} from './kept-answers.ts';
import type { Prompter } from './prompter.ts';
import { settleAnswers } from './questions/settle.ts';
import { buildsInUse } from './builds-in-use.ts';
import { runsUnderWay } from './runs-under-way.ts';
import { siteFromAnswers } from './site-from-answers.ts';
import { COMMAND } from './steps/command.ts';
import type { Step, StepContext } from './steps/step.ts';
import { STEPS } from './steps/table.ts';
import { lookAround, type Found } from './surroundings.ts';
import type { System } from './system.ts';
import { aMirrorAnswers, mirrorIsAway } from './tools/apt.ts';
import { PROGRAM_VERSION } from '../lib/protocol/version.ts';

export type InstallOptions = {
  readonly system: System;
  readonly sourceDirectory: string;
  readonly answersFile: string | null;
  /** Said on the command line: counts before a file of answers. */
  readonly serverHardware: boolean | null;
  /** null: nobody is asked. */
  readonly prompter: Prompter | null;
  readonly dryRun: boolean;
  readonly refresh: boolean;
  readonly force: boolean;
  readonly signal: AbortSignal;
  readonly print: (lines: readonly string[]) => void;
  readonly show: StepContext['show'];
};

/** The steps whose work makes a running daemon start anew. */
const RESTARTING = ['program', 'configuration', 'units'];

/** Answers the exit status. */
export async function install(options: InstallOptions): Promise<number> {
  const { system, prompter, print } = options;
  const found = await lookAround(system);
  const { surroundings, installation } = found;
  const known = knownAnswers(installation, prompter !== null);
  const given = mergeAnswers(known, {
    ...(options.answersFile === null ? {} : await readAnswersFile(options.answersFile)),
    ...(options.serverHardware === null ? {} : { serverHardware: options.serverHardware }),
  });
  refuseWithoutOperator(options, found, given);
  if (prompter !== null) await refuseBeforeAsking(options, found);
  const journal = await Journal.open(system, PROGRAM_VERSION);
  const keep = answerKeeper();
  const begin = async (answered: GivenAnswers, isAgreed: boolean): Promise<void> =>
    journal.begin({
      ...{ at: new Date().toISOString(), isAgreed, isUpdate: surroundings.isUpdate },
      answers: await keep(answered),
    });
  if (prompter !== null && installation.record?.begun !== undefined) {
    prompter.explain(goingOn(installation.record.begun.at));
  }
  const asking = (await keepsAll(options, found)) ? null : prompter;
  const answers = await settleAnswers(surroundings, asking, given, async (answered) => {
    if (prompter === null || options.dryRun) return;
    await begin({ ...given, ...answered }, isGoingOn(installation));
  });
  const plan = await planFor(options, found, answers);
  const context: StepContext = {
    system,
    plan,
    journal,
    buildsInUse: plan.isUpdate ? ((await buildsInUse(system)) ?? []) : [],
    say: (text) => print([text]),
    show: options.show,
  };
  const pending = await pendingSteps(STEPS, context);
  print(planLines(plan, STEPS, pending));
  await refuseObstacles(options, found, plan);
  if (options.dryRun) return 0;
  const installed = answersOfInstalled(answers);
  // A run that was killed after its last step has its end still to come.
  if (pending.size === 0 && !isGoingOn(installation)) {
    const { record } = installation;
    const isKept = sameAnswers(record?.answers, installed) && record?.begun === undefined;
    if (!isKept) await journal.finish(installed);
    print(['', 'Everything is as planned already: nothing was changed.']);
    return 0;
  }
  await askForRestart(options, plan, pending);
  if (prompter !== null) await askToGoOn(prompter);
  await begin(answers, true);
  try {
    await executeSteps(STEPS, context, {
      signal: options.signal,
      onProgress: (progress) => report(options, progress),
    });
  } catch (error) {
    // Taken back: nothing goes on by itself, but a person may want the answers again. What a killed run before this one
    // has done is still there.
    if (!isGoingOn(installation)) {
      await (prompter === null ? journal.abandon() : begin(answers, false));
    }
    throw error;
  }
  await journal.finish(installed);
  print(['', 'OpenClone is installed. What a host would see of it:']);
  return reportHealth(options);
}

/** Steps of an earlier run may have begun: what it had been told holds until a person says yes to something else. */
function isGoingOn({ record }: Found['installation']): boolean {
  return record?.begun?.isAgreed === true;
}

function goingOn(at: string): string {
  const when = new Date(at).toLocaleString('sv-SE');
  return `The installer did not come to its end on ${when}. Its answers are proposed again.`;
}

/** What no answer changes is said before the first question, not after the last. */
async function refuseBeforeAsking(
  { system, force, sourceDirectory }: InstallOptions,
  { surroundings, installedPackages, hasSystemd }: Found,
): Promise<void> {
  const [impossible] = systemObstacles({ hasSystemd });
  if (impossible !== undefined) {
    throw new OperatorError({
      code: 'not-allowed',
      message: `installing: ${impossible.what}`,
      hint: `${impossible.remedy} Nothing was changed.`,
    });
  }
  if (surroundings.isUpdate || force) return;
  const needed = (await readPackageList(sourceDirectory)).filter(({ set }) => set === 'server');
  if (needed.every(({ name }) => installedPackages.has(name))) return;
  if (!(await aMirrorAnswers(system.run))) throw mirrorIsAway('looking for Debian packages');
}

/** On an installed server most people want the new version, and no question. */
async function keepsAll(
  { prompter, answersFile }: InstallOptions,
  { surroundings, installation }: Found,
): Promise<boolean> {
  const isOffered =
    surroundings.isUpdate && answersFile === null && installation.record?.begun === undefined;
  if (prompter === null || !isOffered) return false;
  prompter.explain(
    `OpenClone is installed here. Updating to ${PROGRAM_VERSION} keeps every answer and all data; otherwise each answer is asked again, with what it is now as the proposal.`,
  );
  return prompter.confirm({ message: 'Update only?', proposal: true });
}

/** Nobody can log in later if nobody says who. */
function refuseWithoutOperator(
  { prompter, dryRun }: InstallOptions,
  { surroundings }: Found,
  given: GivenAnswers,
): void {
  if (prompter !== null || dryRun || surroundings.isUpdate || given.operator !== undefined) return;
  throw new OperatorError({
    code: 'bad-argument',
    message: 'installing without questions: nothing says who the first operator is',
    hint: 'Put "operator": {"name": …, "passwordFile": …} into the file of answers; null adds none.',
  });
}

async function planFor(
  options: InstallOptions,
  { surroundings, installation, installedPackages }: Found,
  answers: Answers,
): Promise<Plan> {
  const chosen = surroundings.interfaces
    .find(({ name }) => name === answers.interfaceName)
    ?.addresses.find(({ address }) => address === answers.serverAddress);
  const { interfaces } = surroundings;
  if (!interfaces.some(({ name }) => name === answers.interfaceName)) {
    const names = interfaces.map(({ name }) => name).join(', ');
    throw new OperatorError({
      code: 'bad-argument',
      message: `there is no interface ${answers.interfaceName} with an IPv4 address, only ${names}`,
      hint: 'Answer "interfaceName" with one of these; see `ip -brief address`. Nothing was changed.',
    });
  }
  if (chosen === undefined && installation.site === null) {
    throw new OperatorError({
      code: 'bad-argument',
      message: `looking for the address ${answers.serverAddress} on the interface ${answers.interfaceName}`,
      hint: 'See `ip -brief address` for what there is.',
    });
  }
  const prefixLength = chosen?.prefixLength ?? installation.site?.subnets[0]?.prefixLength ?? 24;
  return makePlan({
    answers,
    site: siteFromAnswers(answers, prefixLength, installation.site),
    sourceDirectory: options.sourceDirectory,
    isUpdate: surroundings.isUpdate,
    packageList: await readPackageList(options.sourceDirectory),
    installedPackages,
    firewall: surroundings.firewall,
    refresh: options.refresh,
  });
}

async function refuseObstacles(
  { system, force, print }: InstallOptions,
  { surroundings, installation, hasSystemd }: Found,
  plan: Plan,
): Promise<void> {
  const obstacles = await findObstacles(system, plan, {
    hasSystemd,
    interfaces: surroundings.interfaces,
    portHolders: surroundings.portHolders,
    dhcpServers: await rivalsOf(plan.site, installation.site, surroundings),
    canServeNfs: surroundings.canServeNfs,
    record: installation.record,
  });
  if (obstacles.length === 0) return;
  const inTheWay = obstacles.filter(({ canBeForced }) => !(force && canBeForced));
  print(['', ...obstacles.flatMap(obstacleLines)]);
  if (inTheWay.length === 0) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `installing: ${inTheWay.length === 1 ? 'something stands' : `${inTheWay.length} things stand`} in the way (see above), and nothing was changed`,
    hint: inTheWay.map(({ remedy }) => remedy).join(' '),
  });
}

/** Who gives addresses where we would begin to: asked again at an update that changes this. */
async function rivalsOf(
  { subnets }: Site,
  before: Site | null,
  { findDhcpServers }: Found['surroundings'],
): Promise<ReadonlyMap<string, DhcpServers>> {
  const givers = (site: readonly Subnet[]): string[] =>
    site
      .filter(({ dhcp, relayed }) => dhcp.type === 'full' && !relayed)
      .map(({ interfaceName }) => interfaceName);
  const known = givers(before?.subnets ?? []);
  const found = new Map<string, DhcpServers>();
  for (const name of new Set(givers(subnets).filter((each) => !known.includes(each)))) {
    found.set(name, await findDhcpServers(name));
  }
  return found;
}

function obstacleLines({ what, remedy }: Obstacle): string[] {
  return [`! ${what}`, `  ${remedy}`];
}

/** Runs go on when the daemon starts anew within its grace time, but nobody should count on that unasked. */
async function askForRestart(
  { system, prompter, force }: InstallOptions,
  plan: Plan,
  pending: ReadonlySet<Step>,
): Promise<void> {
  if (!plan.isUpdate || force) return;
  if (![...pending].some(({ name }) => RESTARTING.includes(name))) return;
  const count = await runsUnderWay(system);
  if (count === 0) return;
  const isFine =
    prompter !== null &&
    (await prompter.confirm({
      message: `${count} ${count === 1 ? 'host is' : 'hosts are'} being worked on, and the server has to start anew. Go on?`,
      proposal: false,
    }));
  if (isFine) return;
  throw new OperatorError({
    code: 'not-allowed',
    message: `updating while ${count} ${count === 1 ? 'host is' : 'hosts are'} being worked on`,
    hint: 'Wait until `openclone status` shows no task under way, or give --force.',
  });
}

async function askToGoOn(prompter: Prompter): Promise<void> {
  if (await prompter.confirm({ message: 'Do all this?', proposal: true })) return;
  throw new OperatorError({
    code: 'cancelled',
    message: 'installing: the answer was not yes',
    hint: 'Nothing was changed.',
  });
}

/** To the operator, and to the journal: journalctl -t openclone-installer. */
async function report({ system, print }: InstallOptions, progress: StepProgress): Promise<void> {
  const { type, step } = progress;
  if (type === 'started') print([`→ ${step.title}`]);
  if (type === 'failed') print([`✗ ${step.title}: ${progress.reason}`]);
  const reason = type === 'failed' ? `: ${progress.reason}` : '';
  await system.run('logger', ['--tag', 'openclone-installer', `${step.name} ${type}${reason}`]);
}

/** A finding is told, and is no failed installation: everything was installed as planned. */
async function reportHealth({ show, print }: InstallOptions): Promise<number> {
  const status = await show(COMMAND, ['doctor']);
  if (status !== 0) {
    print([
      '',
      'Something needs attention: see above. `sudo openclone doctor` looks again at any time.',
    ]);
  }
  print(whatNext());
  return 0;
}

function whatNext(): string[] {
  return [
    '',
    'What to do next:',
    '  1. Let an account of this server work with it: sudo usermod -aG openclone NAME; NAME logs in again.',
    '  2. Switch a machine on and let it boot from the network (PXE).',
    '  3. See it in the user interface: openclone',
  ];
}
