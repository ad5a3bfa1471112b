import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { chooseDistribution } from '../../netboot-rootfs/distribution.ts';
import {
  firmwarePackages,
  parsePackages,
  requiredPackages,
} from '../../netboot-rootfs/packages.ts';

const DATA = join(import.meta.dirname, '../../netboot-rootfs/data');
const LIST = parsePackages(readFileSync(join(DATA, 'packages.txt'), 'utf8'));

test('Every package has a reason and stands in the list once.', () => {
  assert.ok(LIST.length > 30);
  const names = LIST.map(({ name }) => name);
  assert.deepEqual(
    names.filter((name, index) => names.indexOf(name) !== index),
    [],
  );
  for (const { name, reason } of LIST) assert.ok(reason.length > 2, name);
});

test('A line without a reason, or of an unknown set, is refused.', () => {
  assert.throws(() => parsePackages('all partclone'), /line 1/);
  assert.throws(() => parsePackages('\nfedora partclone images'), /line 2/);
});

test('Each distribution gets its own signed kernel, and firmware only when it is asked for.', () => {
  const debian = requiredPackages(LIST, 'debian');
  const ubuntu = requiredPackages(LIST, 'ubuntu');
  assert.ok(debian.includes('linux-image-amd64') && !debian.includes('linux-image-generic'));
  assert.ok(ubuntu.includes('linux-image-generic') && !ubuntu.includes('linux-image-amd64'));
  const firmware = firmwarePackages(LIST);
  assert.ok(firmware.includes('firmware-realtek'));
  assert.deepEqual(
    firmware.filter((name) => debian.includes(name) || ubuntu.includes(name)),
    [],
  );
});

test('The distribution is that of this machine unless a suite is named.', () => {
  const osRelease = (id: string, codename: string): string =>
    `NAME="x"\nID=${id}\nVERSION_CODENAME="${codename}"\n`;
  const chosen = (id: string, codename: string, suite: string | null): string => {
    const { distribution, suite: taken } = chooseDistribution(osRelease(id, codename), suite);
    return `${distribution} ${taken}`;
  };
  assert.equal(chosen('debian', 'bookworm', null), 'debian bookworm');
  assert.equal(chosen('ubuntu', 'resolute', null), 'ubuntu resolute');
  assert.equal(chosen('ubuntu', 'noble', 'trixie'), 'debian trixie');
  assert.equal(chosen('debian', 'duke', null), 'debian duke');
  assert.throws(() => chosen('fedora', 'forty', null), { code: 'not-allowed' });
  assert.throws(() => chosen('debian', '', null), { code: 'bad-argument' });
  assert.throws(() => chosen('debian', 'bookworm', '--mode=x'), { code: 'bad-argument' });
});
