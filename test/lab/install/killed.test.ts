/**
 * The installer is killed in every step of its table, right at the step's beginning and again when it has noted a change,
 * alternately alone and with everything that it has started, as by a power cut; each time it is run again, and goes on. Behind
 * a firewalld, which gets its rules, and beside another package manager.
 */

import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { after, before, describe, test } from 'node:test';
import { STEPS } from '../../../installer/steps/table.ts';
import type { Step } from '../../../installer/steps/step.ts';
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
const RECORD = '/var/lib/openclone-installer/installed.json';

/** What a run has come to so far: its titles, and its end. */
type Seen = { readonly text: string; readonly isOver: boolean };

describe(
  `an installer that is killed, on a fresh Debian (${SUITE})`,
  { timeout: 1_200_000 },
  () => {
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
        ...(['env', 'DEBIAN_FRONTEND=noninteractive', 'apt-get', '-q', '-y'] as const),
        ...['--no-install-recommends', 'install', 'firewalld'],
      );
      await expectDone(container, 'systemctl', 'start', 'firewalld.service');
      filesBefore = await listFiles(container);
      packagesBefore = await listPackages(container);
      answers(container, { rootTransport: 'nfs' });
    });

    after(async () => {
      await container.remove();
    });

    /** Starts the installer as a unit of its own; only the first one is told the answers. */
    async function start(): Promise<string> {
      runs += 1;
      const unit = `installer-${runs}.service`;
      await expectDone(
        container,
        ...(['systemd-run', '--quiet', `--unit=${unit}`, '--service-type=exec'] as const),
        ...['--property=RemainAfterExit=yes', '--property=KillMode=process'],
        ...[`--property=StandardOutput=file:/lab/${unit}`, '--property=StandardError=inherit'],
        ...[
          `${RELEASE}/install.sh`,
          '--yes',
          ...(runs === 1 ? ['--answers', '/lab/answers.json'] : []),
        ],
      );
      return unit;
    }

    function said(unit: string): string {
      return readFileSync(join(container.directory, unit), 'utf8');
    }

    async function property(unit: string, name: string): Promise<string> {
      return (
        await expectDone(container, 'systemctl', 'show', `--property=${name}`, '--value', unit)
      ).trim();
    }

    /** Waits until `isSo`, or until the run has ended. */
    async function watch(unit: string, isSo: (seen: Seen) => boolean): Promise<Seen> {
      const own = container.processOf(Number(await property(unit, 'MainPID')));
      for (;;) {
        const isOver = own === null || !isAlive(own);
        const seen = { text: said(unit), isOver };
        if (isOver || isSo(seen)) return seen;
        await delay(2);
      }
    }

    /** Alone, or with everything in its control group; nothing of it is left to end by itself then. */
    async function kill(unit: string, who: 'main' | 'all'): Promise<void> {
      const pid = container.processOf(Number(await property(unit, 'MainPID')));
      if (pid === null) return;
      const group = cgroupOf(pid);
      process.kill(pid, 'SIGKILL');
      if (who === 'main') return;
      for (const each of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
        if (group !== null && cgroupOf(Number(each)) === group) endQuietly(Number(each));
      }
    }

    function recorded(): string {
      try {
        return readFileSync(container.pathOf(RECORD), 'utf8');
      } catch {
        return '';
      }
    }

    /** One run that is killed in `step`; false when an earlier run has done all of it. */
    async function killedIn(
      step: Step,
      moment: 'begun' | 'noted',
      who: 'main' | 'all',
    ): Promise<boolean> {
      const unit = await start();
      const title = `→ ${step.title}\n`;
      let before: string | null = null;
      const { text } = await watch(unit, (seen) => {
        if (!seen.text.includes(title)) return false;
        if (moment === 'begun' || hasGoneOn(seen.text, title)) return true;
        before ??= recorded();
        return recorded() !== before;
      });
      await kill(unit, who);
      assert.doesNotMatch(text, /^(✗|install\.sh: )/m, `in the run for ${step.name}, ${moment}`);
      return text.includes(title);
    }

    for (const [index, step] of STEPS.entries()) {
      test(`${step.title}: goes on`, async () => {
        const who = index % 2 === 0 ? 'all' : 'main';
        assert.ok(await killedIn(step, 'begun', who), `${step.name} was never begun`);
        await killedIn(step, 'noted', who);
      });
    }

    test('is installed by the run after that, which nobody told an answer', async () => {
      const unit = await start();
      await watch(unit, () => false);
      assert.match(said(unit), /OpenClone is installed/);
      assert.equal(await property(unit, 'ExecMainStatus'), '0', said(unit));
      const doctor = (await container.run('openclone', 'doctor')).stdout;
      assert.deepEqual(
        doctor.split('\n').filter((line) => line.startsWith('FAILURE') && !/nfs|NFS/.test(line)),
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

    test('has its rules in firewalld, for now and for good, and answers through it', async () => {
      for (const when of [[], ['--permanent']]) {
        const rules = await expectDone(container, 'firewall-cmd', ...when, '--list-rich-rules');
        for (const port of ['7077', '80', '69', '9000-9999']) {
          assert.match(
            rules,
            new RegExp(`source address="10\\.79\\.0\\.0/24" port port="${port}"`),
          );
        }
        assert.match(rules, /^rule family="ipv4" port port="67" protocol="udp" accept$/m);
      }
    });

    test('leaves the system as it was when it is killed while it removes, and run again', async () => {
      const args = ['--uninstall', '--yes', '--purge-data', '--remove-packages'];
      runs += 1;
      const unit = `installer-${runs}.service`;
      await expectDone(
        container,
        ...(['systemd-run', '--quiet', `--unit=${unit}`, '--service-type=exec'] as const),
        ...['--property=RemainAfterExit=yes', '--property=KillMode=process'],
        ...[`--property=StandardOutput=file:/lab/${unit}`, '--property=StandardError=inherit'],
        ...[`${RELEASE}/install.sh`, ...args],
      );
      const whole = recorded().length;
      await watch(unit, () => recorded().length < whole / 2);
      await kill(unit, 'all');
      const { stdout, stderr, exitStatus } = await container.run(`${RELEASE}/install.sh`, ...args);
      assert.equal(exitStatus, 0, stdout + stderr);
      assert.equal(await listPackages(container), packagesBefore);
      assert.deepEqual(await listFiles(container), filesBefore);
      for (const when of [[], ['--permanent']]) {
        assert.equal(
          await expectDone(container, 'firewall-cmd', ...when, '--list-rich-rules'),
          '\n',
        );
      }
    });
  },
);

function hasGoneOn(text: string, title: string): boolean {
  return (
    text.slice(text.indexOf(title) + title.length).includes('\n→ ') ||
    text.includes('OpenClone is installed')
  );
}

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
