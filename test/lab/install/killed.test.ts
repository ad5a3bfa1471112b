/**
 * The installer is killed in every step of its table: when the step begins, when it has noted its first change or is done,
 * whatever comes first, and while dpkg works; alternately alone and with everything that it has started, as by a power cut. Each
 * time it is run again, and goes on. The machine has a firewalld, which gets its rules, and a package source out of reach.
 */

import assert from 'node:assert/strict';
import { chmodSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { STEPS } from '../../../installer/steps/table.ts';
import type { InstallStep } from '../../../installer/step.ts';
import type { Container } from './container.ts';
import {
  answers,
  expectDone,
  freshDebian,
  listFiles,
  listPackages,
  RELEASE,
} from './fresh-debian.ts';
import { parseSuite } from './suite.ts';

const SUITE = parseSuite(process.env['OPENCLONE_LAB_SUITE']);
/**
 * In the place of logger(1), to which the installer tells each step's beginning and end and for which it waits: who asks for
 * it to be killed there has it killed exactly there.
 */
const LOGGER =
  '#!/bin/sh\ngrep -qxF "$3" /lab/kill-at && kill -KILL "$PPID"\nexec /usr/bin/logger "$@"\n';
const PATH = '/lab/bin:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const RECORD = '/var/lib/openclone-installer/installed.json';

/** A step beyond its beginning and end: dpkg has unpacked something. */
const DPKG_LOG = '/var/log/dpkg.log';

describe(`an installer that is killed (${SUITE})`, { timeout: 1_200_000 }, () => {
  let container: Container;
  let filesBefore: string[] = [];
  let packagesBefore = '';
  let runs = 0;

  before(async () => {
    container = await freshDebian(SUITE);
    // One of its sources is out of reach, and says that it has no Release file: status 100.
    await container.run('apt-get', '-q', 'update');
    await expectDone(
      container,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-q',
      '-y',
      '--no-install-recommends',
      'install',
      'firewalld',
    );
    await expectDone(container, 'systemctl', 'start', 'firewalld.service');
    filesBefore = await listFiles(container);
    packagesBefore = await listPackages(container);
    answers(container, { rootTransport: 'nfs' });
    mkdirSync(join(container.directory, 'bin'));
    writeFileSync(join(container.directory, 'bin/logger'), LOGGER);
    chmodSync(join(container.directory, 'bin/logger'), 0o755);
  });

  after(async () => {
    await container.remove();
  });

  /** Starts the installer as a unit of its own; returns its name and the process by this machine's number. */
  async function start(...args: string[]): Promise<{ unit: string; pid: number | null }> {
    runs += 1;
    const unit = `installer-${runs}.service`;
    await expectDone(
      container,
      'systemd-run',
      '--quiet',
      `--unit=${unit}`,
      '--service-type=exec',
      '--property=RemainAfterExit=yes',
      '--property=KillMode=process',
      `--setenv=PATH=${PATH}`,
      `--property=StandardOutput=file:/lab/${unit}`,
      '--property=StandardError=inherit',
      `${RELEASE}/install.sh`,
      '--yes',
      ...args,
    );
    return { unit, pid: container.processOf(Number(await property(unit, 'MainPID'))) };
  }

  function said(unit: string): string {
    return readFileSync(join(container.directory, unit), 'utf8');
  }

  async function property(unit: string, name: string): Promise<string> {
    const args = ['show', `--property=${name}`, '--value', unit];
    return (await expectDone(container, 'systemctl', ...args)).trim();
  }

  /** Waits until the process has ended, or `isSo`. */
  async function watch(pid: number | null, isSo: () => boolean): Promise<void> {
    while (pid !== null && isAlive(pid) && !isSo()) await delay(2);
  }

  /** Alone, or with everything in its control group. */
  function kill(pid: number | null, who: 'main' | 'all'): void {
    if (pid === null) return;
    const group = cgroupOf(pid);
    endQuietly(pid);
    if (who === 'main' || group === null) return;
    for (const each of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
      if (cgroupOf(Number(each)) === group) endQuietly(Number(each));
    }
  }

  function textOf(path: string): string {
    try {
      return readFileSync(container.pathOf(path), 'utf8');
    } catch {
      return '';
    }
  }

  function changesNoted(): number {
    return textOf(RECORD).split('"type":').length;
  }

  /** One run, only the first of which is told the answers, that is killed at one of the events or when `isSo`. */
  async function killed(
    step: InstallStep,
    events: readonly ('started' | 'done')[],
    { who, isSo }: { who: 'main' | 'all'; isSo: () => boolean },
  ): Promise<void> {
    const lines = events.map((event) => `${step.name} ${event}\n`).join('');
    writeFileSync(join(container.directory, 'kill-at'), lines);
    const { unit, pid } = await start(...(runs === 0 ? ['--answers', '/lab/answers.json'] : []));
    await watch(pid, () => said(unit).includes(`→ ${step.title}\n`) && isSo());
    kill(pid, who);
    const text = said(unit);
    assert.ok(text.trimEnd().split('\n').includes(`→ ${step.title}`), `${unit}: ${text}`);
    assert.doesNotMatch(text, /^(✗|install\.sh: )/m, unit);
  }

  /** As apt leaves it when it is killed after a package that it unpacks before those that it needs: dpkg alone cannot finish it. */
  async function unpackBeforeItsNeeds(name: string): Promise<void> {
    await expectDone(container, 'sh', '-c', `dpkg --unpack /repository/${name}_*.deb`);
    const { exitStatus, stderr } = await container.run('dpkg', '--configure', '--pending');
    assert.equal(exitStatus, 1, stderr);
    assert.match(stderr, new RegExp(`dependency problems prevent configuration of ${name}`));
  }

  for (const [index, step] of STEPS.entries()) {
    test(`an installer that is killed (${SUITE}): ${step.title}: goes on`, async () => {
      const who = index % 2 === 0 ? 'all' : 'main';
      await killed(step, ['started'], { who, isSo: () => false });
      const before = changesNoted();
      await killed(step, ['done'], { who, isSo: () => changesNoted() > before });
      if (step.name !== 'packages') return;
      const { length } = textOf(DPKG_LOG);
      await killed(step, ['done'], {
        who,
        isSo: () => / unpacked .*\n.* unpacked /s.test(textOf(DPKG_LOG).slice(length)),
      });
      await unpackBeforeItsNeeds('xorriso');
    });
  }

  test(`an installer that is killed (${SUITE}) is installed by the run after that, which nobody told an answer`, async () => {
    writeFileSync(join(container.directory, 'kill-at'), '');
    const { unit, pid } = await start();
    await watch(pid, () => false);
    assert.match(said(unit), /OpenClone is installed/);
    assert.equal(await property(unit, 'ExecMainStatus'), '0', said(unit));
    const doctor = (await container.run('openclone', 'doctor')).stdout;
    assert.deepEqual(
      doctor.split('\n').filter((line) => line.startsWith('FAILURE')),
      [],
      doctor,
    );
    assert.match((await container.run('openclone', 'operator', 'list')).stdout, /^anna /m);
    assert.match(
      (await container.run('openclone', 'settings')).stdout,
      /^Automatic registration: +on$/m,
    );
    const again = await container.run(`${RELEASE}/install.sh`, '--yes');
    assert.match(again.stdout, /nothing was changed/, again.stdout + again.stderr);
  });

  test(`an installer that is killed (${SUITE}) has its rules in firewalld, for now and for good, and answers through it`, async () => {
    for (const when of [[], ['--permanent']]) {
      const rules = await expectDone(container, 'firewall-cmd', ...when, '--list-rich-rules');
      for (const port of ['7077', '80', '69', '9000-9999']) {
        assert.match(rules, new RegExp(`source address="10\\.79\\.0\\.0/24" port port="${port}"`));
      }
      assert.match(rules, /^rule family="ipv4" port port="67" protocol="udp" accept$/m);
    }
  });

  test(`an installer that is killed (${SUITE}) leaves the system as it was when it is killed while it removes, and run again`, async () => {
    const args = ['--uninstall', '--purge-data', '--remove-packages'];
    const whole = textOf(RECORD).length;
    const { pid } = await start(...args);
    await watch(pid, () => textOf(RECORD).length < whole / 2);
    kill(pid, 'all');
    const { stdout, stderr, exitStatus } = await container.run(
      `${RELEASE}/install.sh`,
      '--yes',
      ...args,
    );
    assert.equal(exitStatus, 0, stdout + stderr);
    assert.equal(await listPackages(container), packagesBefore);
    // firewalld keeps a zone that was changed once in a file of its own.
    const left = (await listFiles(container)).filter((path) => !filesBefore.includes(path));
    assert.deepEqual(
      left.filter((path) => !path.startsWith('/etc/firewalld/zones/')),
      [],
    );
    for (const when of [[], ['--permanent']]) {
      assert.equal(await expectDone(container, 'firewall-cmd', ...when, '--list-rich-rules'), '\n');
    }
  });
});

function isAlive(pid: number): boolean {
  try {
    return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
  } catch {
    return false;
  }
}

function cgroupOf(pid: number): string | null {
  try {
    return readFileSync(`/proc/${pid}/cgroup`, 'utf8');
  } catch {
    return null;
  }
}

function endQuietly(pid: number): void {
  try {
    process.kill(pid, 'SIGKILL');
  } catch {
    // It has ended meanwhile.
  }
}
