import assert from 'node:assert/strict';
import { X509Certificate } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { judgeModes } from '../../../../cli/doctor/checks/boot-files.ts';
import { judgeSynchronisation, judgeTime } from '../../../../cli/doctor/checks/clock.ts';
import { judgeExports, judgeMountError, parseExports } from '../../../../cli/doctor/checks/nfs.ts';
import { judgeAccounts, judgeGroup } from '../../../../cli/doctor/checks/operators.ts';
import { judgeVersion } from '../../../../cli/doctor/checks/server.ts';
import { judgeUnit, unitsOf } from '../../../../cli/doctor/checks/services.ts';
import { judgeSpace, placesOf } from '../../../../cli/doctor/checks/space.ts';
import { judgeCertificate } from '../../../../cli/doctor/checks/tls.ts';
import { parsePackages, tools } from '../../../../cli/doctor/checks/tools.ts';
import type { CheckedServer } from '../../../../cli/doctor/check.ts';
import { toolError, run, type Run } from '../../../../lib/exec/run.ts';
import { ServerBuildFile } from '../../../../lib/model/build-file.ts';
import { message } from '../../../../lib/model/messages/table.ts';
import { PROGRAM_VERSION } from '../../../../lib/protocol/version.ts';
import { loadCertificate } from '../../../../server/net/certificate.ts';
import { recorded } from '../../../engine/tools/recorded.ts';
import { FULL, sampleSite } from '../../../installer/sample-site.ts';
import { withDirectory } from '../../../support/directories.ts';
import { inEnglish } from '../in-english.ts';

const SITE = sampleSite([FULL]);

describe('services', () => {
  const shown = (some: Record<string, string>): string =>
    Object.entries({
      LoadState: 'loaded',
      ActiveState: 'active',
      SubState: 'running',
      UnitFileState: 'enabled',
      Result: 'success',
      ...some,
    })
      .map(([key, value]) => `${key}=${value}\n`)
      .join('');

  test('services: NFS is needed for an NFS root only', () => {
    assert.deepEqual(unitsOf(SITE), [
      'openclone.service',
      'openclone-dnsmasq.service',
      'nfs-server.service',
    ]);
    assert.equal(unitsOf({ ...SITE, rootTransport: 'ram' }).length, 2);
    assert.equal(unitsOf({ ...SITE, nfsServer: 'none' }).length, 2);
  });

  test('services: a unit is judged by what systemd says of it', () => {
    const judged = (text: string): string => judgeUnit('a.service', text).type;
    assert.equal(judged(shown({})), 'ok');
    assert.equal(judged(shown({ UnitFileState: 'disabled' })), 'warning');
    assert.equal(judged(shown({ ActiveState: 'failed', Result: 'exit-code' })), 'failure');
    assert.equal(judged(shown({ LoadState: 'not-found', ActiveState: 'inactive' })), 'failure');
    assert.equal(judged(''), 'skipped');
  });
});

describe('NFS', () => {
  test('NFS: what the kernel exports is read, one line per client', () => {
    assert.deepEqual(parseExports(recorded('exportfs-2.6.2-etab.txt')), [
      { path: '/mnt/openclone/netboot', client: '10.77.0.0/24', writable: false },
      { path: '/mnt/openclone/netboot', client: '10.78.0.0/16', writable: false },
      { path: '/mnt/openclone', client: '*', writable: true },
    ]);
  });

  test('NFS: an export that shows images or data, or lets root file systems be changed, is a failure', () => {
    const judge = (path: string, writable = false): string[] =>
      judgeExports([{ path, client: '*', writable }], SITE, '/var/lib/openclone').map(({ found }) =>
        inEnglish(found),
      );
    assert.deepEqual(judge('/srv/openclone/netboot'), []);
    assert.deepEqual(judge('/home', true), []);
    assert.match(judge('/srv')[0] ?? '', /gives away \/srv\/openclone\/images/);
    assert.match(judge('/')[0] ?? '', /images and \/var\/lib\/openclone/);
    assert.match(judge('/srv/openclone/images/win11')[0] ?? '', /gives away/);
    assert.match(judge('/srv/openclone/netboot', true)[0] ?? '', /programs on every host/);
    assert.deepEqual(judge('/srv/openclone/images2'), []);
  });

  test('NFS: a mount that fails says whether the kernel, the export or the server is why', () => {
    const judged = (stderr: string): string =>
      judgeMountError(
        '',
        'a:/b',
        toolError('mount', [], { missing: false, status: 32, signal: null, stderr }),
      ).type;
    // As mount.nfs 2.6.2 said on a kernel without NFS.
    assert.equal(judged('mount.nfs: No such device'), 'skipped');
    assert.equal(judged('mount.nfs: access denied by server while mounting a:/b'), 'failure');
    assert.equal(judged('mount.nfs: Connection refused'), 'failure');
    assert.throws(() => judgeMountError('', 'a:/b', new TypeError('bug')), TypeError);
  });
});

test('boot files must be readable by others, and writable by nobody else', () => {
  const judge = (mode: number, isDirectory: boolean): string[] =>
    judgeModes([{ path: '/x', mode, isDirectory }]).map(({ remedy }) => inEnglish(remedy));
  assert.deepEqual(judge(0o644, false), []);
  assert.deepEqual(judge(0o755, true), []);
  assert.deepEqual(judge(0o1777, true), []);
  assert.deepEqual(judge(0o600, false), ['chmod o+r /x']);
  assert.deepEqual(judge(0o750, true), ['chmod o+rx /x']);
  assert.deepEqual(judge(0o777, true), ['chmod o-w /x']);
});

test('a certificate is compared with the one that hosts carry, and by its dates', async () => {
  await withDirectory(async (directory) => {
    const make = async (name: string): Promise<X509Certificate> =>
      new X509Certificate((await loadCertificate(run, `${directory}/${name}`)).certificate);
    const shown = await make('one');
    const other = await make('two');
    const now = new Date();
    const later = new Date(shown.validToDate.getTime() + 1000);
    const soon = new Date(shown.validToDate.getTime() - 24 * 3600 * 1000);
    assert.equal(judgeCertificate('', shown, shown, now).type, 'ok');
    const refused = judgeCertificate('', shown, other, now);
    assert.deepEqual(refused.found, message('tls.other-certificate'));
    assert.equal(judgeCertificate('', shown, null, now).type, 'warning');
    assert.equal(judgeCertificate('', shown, shown, later).type, 'failure');
    assert.equal(judgeCertificate('', shown, shown, soon).type, 'warning');
    assert.equal(judgeCertificate('', shown, shown, new Date(0)).type, 'failure');
  });
});

test('a clock before the last build, or without a time server, is found', () => {
  const built = new Date('2026-11-21T11:30:00Z');
  const now = new Date('2026-11-22T00:00:00Z');
  assert.equal(judgeTime(now, built), null);
  assert.equal(judgeTime(now, null), null);
  assert.equal(judgeTime(new Date('2026-11-01T00:00:00Z'), built)?.type, 'failure');
  assert.equal(judgeTime(new Date('2000-01-01T00:00:00Z'), null)?.type, 'failure');
  assert.equal(judgeSynchronisation('NTP=yes\nNTPSynchronized=yes\n', now).type, 'ok');
  assert.deepEqual(
    judgeSynchronisation('NTP=no\nNTPSynchronized=no\n', now).found,
    message('clock.not-synchronised', { time: now.toISOString() }),
  );
});

test('operators: members of the group are named, no account is a warning', () => {
  assert.deepEqual(
    judgeGroup('openclone:x:998:anna,ben\n').found,
    message('operators.members', { names: 'anna, ben' }),
  );
  assert.deepEqual(judgeGroup('openclone:x:998:\n').found, message('operators.root-alone'));
  assert.equal(judgeGroup('').type, 'warning');
  assert.equal(judgeAccounts([]).type, 'warning');
  assert.equal(judgeAccounts(['anna']).type, 'ok');
});

test('another version of the daemon than of the command is a warning', () => {
  assert.equal(judgeVersion(PROGRAM_VERSION).type, 'ok');
  assert.equal(judgeVersion('0.0.1').type, 'warning');
});

test('little space is a warning, none a failure', () => {
  const [images] = placesOf(SITE, '/var/lib/openclone');
  assert.ok(images !== undefined);
  assert.equal(judgeSpace(images, 100e9).type, 'ok');
  assert.equal(judgeSpace(images, 10e9).type, 'warning');
  assert.equal(judgeSpace(images, 0.5e9).type, 'failure');
});

describe('versions of tools', () => {
  test('versions of tools: a list of packages', () => {
    assert.deepEqual(
      [...parsePackages('udev 252.39-1~deb12u1\nzstd 1.5.4+dfsg2-5\n\nrubbish\n')],
      [
        ['udev', '252.39-1~deb12u1'],
        ['zstd', '1.5.4+dfsg2-5'],
      ],
    );
  });

  test('versions of tools of the server only what is installed counts', async () => {
    const stdout = 'config-files udpcast 1\ninstalled openssl 3.0.17\n';
    const asked: Run = (tool, args) =>
      tool === 'dpkg-query'
        ? Promise.resolve({ stdout, stderr: '', exitStatus: 0 })
        : run(tool, args);
    const findings = await tools.perform({ ...serverWith('/nowhere'), run: asked });
    const types = findings.map(({ type, about }) => `${inEnglish(about)}: ${type}`);
    assert.ok(types.includes('udpcast (this server): failure'), types.join('\n'));
    assert.ok(types.includes('openssl (this server): ok'), types.join('\n'));
  });

  test("versions of tools: faults are found by Debian's order of versions", async () => {
    await withDirectory(async (directory) => {
      const found = async (version: string): Promise<string> => {
        await writeFile(`${directory}/packages.txt`, `partclone ${version}\n`);
        const findings = await tools.perform(serverWith(directory));
        const finding = findings.find(({ about }) => inEnglish(about) === 'partclone (hosts)');
        return `${finding?.type ?? ''}: ${inEnglish(finding?.found)}`;
      };
      assert.match(await found('0.3.23+repack-1'), /^ok: .*bigalloc.*exFAT.*Clonezilla/);
      assert.match(await found('0.3.36+dfsg-1'), /^ok: [^;]*exFAT[^;]*; [^;]*Clonezilla/);
      assert.equal(await found('0.3.47-1'), 'ok: version 0.3.47-1');
      assert.match(await found('0.3.13-1'), /^warning: .*older than every version/);
    });
  });
});

function serverWith(directory: string): CheckedServer {
  const allowed: Run = (tool, args, options) => {
    assert.match(tool, /^dpkg/);
    return run(tool, args, options);
  };
  return {
    run: allowed,
    isRoot: true,
    long: false,
    dataDirectory: directory,
    socketPath: '',
    connect: () => Promise.reject(new Error('not asked')),
    site: SITE,
    build: {
      ...BUILD,
      directory,
    },
    ownAddresses: [],
    deadUnits: [],
    dhcpAnswers: () => Promise.resolve([]),
  };
}

const BUILD = ServerBuildFile.parse({
  formatVersion: 1,
  id: '20261121-113000-1a2b',
  builtAt: '2026-11-21T11:30:00.000Z',
  programVersion: PROGRAM_VERSION,
  kernel: '6.1.0-1-amd64',
  suite: 'bookworm',
  base: '0123456789abcdef',
  squashfs: null,
});
