/** apt-get(8) and dpkg(1), on a machine where others use them too and whose package sources need not all be there. */

import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { causesOf, OperatorError } from '../../lib/errors.ts';
import type { Run } from '../../lib/exec/run.ts';
import { realPath, type System } from '../machine/system.ts';

/** Nobody is there to answer a package's questions. */
export const APT = { DEBIAN_FRONTEND: 'noninteractive' };

/**
 * A configuration file that somebody has changed stays as it is where its package brings a new one: dpkg would ask, and has
 * nobody to (dpkg(1), --force-things).
 */
const KEEP_FILES = ['--force-confdef', '--force-confold'];
export const APT_KEEPS_FILES = KEEP_FILES.flatMap((option) => ['-o', `Dpkg::Options::=${option}`]);

const LOCKING_TOOLS = ['apt-get', 'apt-mark', 'dpkg'];
/** Updates by themselves take some minutes on a machine that was just set up. */
const PATIENCE_MS = 15 * 60_000;
const POLL_MS = 1000;

/**
 * `run`, but programs that find the lock of apt's lists, of its archives or of dpkg taken are run again until it is
 * free: DPkg::Lock::Timeout (apt.conf(5)) waits for dpkg's only. Who holds it is said once. Throws `timed-out` after a
 * quarter of an hour, `cancelled` when `signal` aborts meanwhile.
 */
export function waitingForApt(
  run: Run,
  { say, signal }: { readonly say: (text: string) => void; readonly signal: AbortSignal },
): Run {
  return async (tool, args, options) => {
    if (!LOCKING_TOOLS.includes(tool)) return run(tool, args, options);
    const deadline = Date.now() + PATIENCE_MS;
    for (let told = ''; ;) {
      const { holder, end } = await attempt(() => run(tool, args, options));
      if (holder === null) return end();
      if (signal.aborted || Date.now() >= deadline) throw lockIsTaken(holder, signal.aborted);
      if (told !== holder) say(`Waiting: ${holder} installs or updates packages …`);
      told = holder;
      await delay(POLL_MS, undefined, { signal }).catch(() => undefined);
    }
  };
}

type Attempt = {
  /** Who has the lock that was wanted; null when none was missing. */
  readonly holder: string | null;
  /** Returns the program's output, or throws its error. */
  readonly end: () => Awaited<ReturnType<Run>>;
};

async function attempt(use: () => ReturnType<Run>): Promise<Attempt> {
  try {
    const result = await use();
    const holder = result.exitStatus === 0 ? null : lockHolderOf(result.stderr);
    return { holder, end: () => result };
  } catch (error) {
    const end = (): never => {
      throw error;
    };
    return { holder: lockHolderOf(causesOf(error).join('\n')), end };
  }
}

/**
 * Who holds the lock that a program says it could not get: "apt-get (process 77)". null when it says nothing of the
 * kind (apt 2.6 to 3.0, dpkg 1.21 to 1.22).
 */
export function lockHolderOf(text: string): string | null {
  const isAboutLocks =
    /Could not get lock|Unable to (lock|acquire)|lock was locked by another process/.test(text);
  if (!isAboutLocks) return null;
  const [, pid = null, name = null] =
    /(?:by process|with pid) (\d+)(?: \(([^)]+)\))?/.exec(text) ?? [];
  if (pid === null) return 'another program';
  return name === null ? `process ${pid}` : `${name} (process ${pid})`;
}

function lockIsTaken(holder: string, isInterrupted: boolean): OperatorError {
  return new OperatorError({
    code: isInterrupted ? 'cancelled' : 'timed-out',
    message: `waiting until ${holder} has ended, which installs or updates packages`,
    hint: 'Try again when it has.',
  });
}

/**
 * Configures what dpkg had unpacked when it was killed, or lost power: until then apt-get installs nothing. apt may unpack a package before
 * those that it needs; where it was killed between the two, these are installed now. `say` hears that there was something.
 * Throws `tool-failed` when a package cannot be finished, or could be only by removing another.
 */
export async function finishInterrupted(
  system: System,
  say: (text: string) => void,
): Promise<void> {
  if (!(await isInterrupted(system))) return;
  say('dpkg was interrupted earlier: finishing that first (dpkg --configure -a).');
  try {
    await system.run('dpkg', [...KEEP_FILES, '--configure', '--pending'], { env: APT });
    return;
  } catch (error) {
    if (!isToolFailure(error)) throw error;
    // apt says it again, if it is anything but that packages are missing.
    say('That is not enough: installing what is missing (apt-get --fix-broken install).');
  }
  await updateLists(system.run);
  try {
    await installMissing(system.run);
  } catch (cause) {
    if (!isToolFailure(cause)) throw cause;
    const message =
      'finishing the packages that dpkg was interrupted in (dpkg --configure -a, apt-get --fix-broken install)';
    if (isUnreachable(causesOf(cause).join('\n'))) throw mirrorIsAway(message, cause);
    throw new OperatorError({
      code: 'tool-failed',
      message,
      hint: 'Put right what it names, until `apt-get --fix-broken install` ends without an error, and try again.',
      cause,
    });
  }
}

/** Not somebody who waits no longer, nor a lock that is never free. */
function isToolFailure(error: unknown): boolean {
  return error instanceof OperatorError && error.code === 'tool-failed';
}

/** What packages that are unpacked depend on (apt-get(8), --fix-broken); nothing is removed for it. */
async function installMissing(run: Run): Promise<void> {
  const options = ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', ...APT_KEEPS_FILES];
  const repair = ['--fix-broken', '--no-remove', '--no-install-recommends', 'install'];
  await run('apt-get', [...options, ...repair], { env: APT });
}

/** As apt finds out (dpkg(1), FILES): steps that are not in the status file yet, or packages that are half done. */
async function isInterrupted(system: System): Promise<boolean> {
  const steps = await readdir(realPath(system, '/var/lib/dpkg/updates')).catch(() => []);
  if (steps.some((name) => /^\d+$/.test(name))) return true;
  const { stdout } = await system.run('dpkg', ['--audit'], { allowedStatuses: [0, 1] });
  return stdout.trim() !== '';
}

/** What became of reading the package sources again. */
export type Lists =
  | { readonly type: 'current' }
  /** Some could not be read: what apt said, a line each. They may or may not be needed. */
  | {
      readonly type: 'incomplete';
      readonly said: readonly string[];
      readonly isUnreachable: boolean;
    };

/** Reads the package sources again. One that cannot be read is no failure by itself. */
export async function updateLists(run: Run): Promise<Lists> {
  // 100: an error, of whatever weight. A mirror that does not answer is a warning only.
  const { stderr } = await run('apt-get', ['-q', 'update'], {
    env: APT,
    allowedStatuses: [0, 100],
  });
  return parseUpdate(stderr);
}

/** What `apt-get update` writes to its standard error (apt 2.6 to 3.0). */
export function parseUpdate(stderr: string): Lists {
  const said = stderr
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => /^E: /.test(line) || /^W: Failed to fetch /.test(line))
    .map((line) => line.slice(3));
  if (said.length === 0) return { type: 'current' };
  return { type: 'incomplete', said: [...new Set(said)], isUnreachable: isUnreachable(stderr) };
}

/** Whether a mirror or its name server did not answer, by what apt's methods say. */
export function isUnreachable(text: string): boolean {
  return /Could not (connect|resolve)|Cannot initiate the connection|Temporary failure resolving|Unable to connect|Connection (failed|timed out|refused)|Network is unreachable|No route to host/i.test(
    text,
  );
}

/** apt's own downloader, which knows of its proxies. */
const APT_HELPER = '/usr/lib/apt/apt-helper';

export type Mirrors = {
  readonly isReachable: boolean;
  /** The addresses that were tried, each with what came of it. */
  readonly tried: readonly string[];
};

/**
 * Whether one of the mirrors answers, whatever it says: asked for the first file of each, without changing apt's
 * lists. Sources that are on this machine always do.
 */
export async function findMirrors(run: Run): Promise<Mirrors> {
  const { stdout } = await run('apt-get', ['--print-uris', 'update'], {
    allowedStatuses: [0, 100],
  });
  const uris = [...stdout.matchAll(/^'([^']+\/InRelease)'/gm)].map(([, uri = '']) => uri);
  if (uris.length === 0 || uris.some((uri) => !/^https?:/.test(uri))) {
    return { isReachable: true, tried: [] };
  }
  const work = await mkdtemp(join(tmpdir(), 'openclone-mirror-'));
  const patience = ['http', 'https'].flatMap((way) => ['-o', `Acquire::${way}::Timeout=10`]);
  const tried: string[] = [];
  try {
    // One suite of each: the others are at the same place.
    for (const [mirror, [uri = '']] of Map.groupBy(new Set(uris), mirrorOf)) {
      const args = [...patience, '-o', 'Acquire::Retries=0', '-o', 'APT::Sandbox::User=root'];
      const { exitStatus, stderr } = await run(
        APT_HELPER,
        [...args, 'download-file', uri, join(work, 'InRelease')],
        { allowedStatuses: [0, 100] },
      );
      if (exitStatus === 0 || !isUnreachable(stderr)) return { isReachable: true, tried };
      tried.push(`${mirror} (${whyUnreachable(stderr)})`);
    }
    return { isReachable: false, tried };
  } finally {
    await rm(work, { recursive: true });
  }
}

/** "http://deb.debian.org/debian" of the address of a file in it. */
function mirrorOf(uri: string): string {
  return uri.replace(/\/(dists\/.*|InRelease)$/, '');
}

/** apt's own words for it, without the address: "Could not resolve 'deb.debian.org'". */
function whyUnreachable(text: string): string {
  const line = text.split('\n').find((each) => isUnreachable(each)) ?? 'no answer';
  return line.replace(/^[EW]: (Failed to fetch \S+\s+)?/, '').trim();
}

/** Nothing can be installed as long as this is so. `what`: what it was wanted for. */
export function listsError(
  what: string,
  { said, isUnreachable: unreachable }: Extract<Lists, { type: 'incomplete' }>,
): OperatorError {
  const cause = new Error(said.slice(0, 3).join(' | '));
  if (unreachable) return mirrorIsAway(what, cause);
  return new OperatorError({
    code: 'tool-failed',
    message: `${what}: not all package sources of this machine can be read`,
    hint: 'Put right or take out the source that apt names (/etc/apt/sources.list, /etc/apt/sources.list.d), until `apt-get update` ends without an error, and try again.',
    cause,
  });
}

export function mirrorIsAway(what: string, cause?: unknown): OperatorError {
  return new OperatorError({
    code: 'connection-failed',
    message: `${what}: the Debian mirror of this machine cannot be reached`,
    hint: `${MIRROR_REMEDY} Then try again.`,
    ...(cause === undefined ? {} : { cause }),
  });
}

export const MIRROR_REMEDY =
  'See `apt-get update`: the server needs its mirror, or a proxy that apt knows of (Acquire::http::Proxy "http://PROXY:PORT/"; in /etc/apt/apt.conf.d/80proxy).';

/** Without what they only recommend. Throws `connection-failed` when the mirror does not answer. */
export async function installPackages(run: Run, names: readonly string[]): Promise<void> {
  try {
    const options = ['-q', '-y', '-o', 'Dpkg::Use-Pty=0', ...APT_KEEPS_FILES];
    await run('apt-get', [...options, ...installation(names)], { env: APT });
  } catch (error) {
    if (!isUnreachable(causesOf(error).join('\n'))) throw error;
    throw mirrorIsAway('downloading Debian packages', error);
  }
}

/** All packages that installing these would install. */
export async function simulateInstallation(run: Run, names: readonly string[]): Promise<string[]> {
  const options = ['--simulate', '-q'];
  const { stdout } = await run('apt-get', [...options, ...installation(names)], { env: APT });
  return parseInstallations(stdout);
}

function installation(names: readonly string[]): string[] {
  return ['install', '--no-install-recommends', ...names];
}

/** The packages that `apt-get --simulate install` says it would install: lines "Inst NAME (VERSION …)". */
export function parseInstallations(text: string): string[] {
  return text
    .split('\n')
    .map((line) => /^Inst ([^\s:]+)/.exec(line)?.[1])
    .filter((name) => name !== undefined);
}
