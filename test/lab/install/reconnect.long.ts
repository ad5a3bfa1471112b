/**
 * A server whose network belongs to NetworkManager: `node --test test/lab/install/reconnect.long.ts`. Not in CI.
 */

import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { z } from 'zod';
import type { Container } from './container.ts';
import { answers, expectDone, freshDebian, RELEASE } from './fresh-debian.ts';
import { parseSuite } from './suite.ts';
import { until } from '../../support/wait.ts';

const SUITE = parseSuite(process.env['OPENCLONE_LAB_SUITE']);
/** Of doctor's checks. */
const NETWORK = ['addresses', 'multicast'];
const Doctor = z.object({
  checks: z.array(
    z.object({
      name: z.string(),
      findings: z.array(z.object({ type: z.string(), found: z.string() })),
    }),
  ),
});

const LONG = { timeoutMs: 120_000, pollMs: 500 };

describe('a server whose network belongs to NetworkManager', { timeout: 1_800_000 }, () => {
  let container: Container;

  before(async () => {
    container = await freshDebian(SUITE, ['network-manager']);
    // The mirrors cannot be reached, the repository can.
    await container.run('apt-get', '-q', 'update');
    await expectDone(
      container,
      'env',
      'DEBIAN_FRONTEND=noninteractive',
      'apt-get',
      '-qy',
      '--no-install-recommends',
      'install',
      'network-manager',
    );
    // It leaves virtual cards alone unless it is told.
    await expectDone(
      container,
      'sh',
      '-c',
      'printf "[device-lab]\\nmatch-device=interface-name:eth0\\nmanaged=1\\n" > /etc/NetworkManager/conf.d/lab.conf',
    );
    await expectDone(container, 'systemctl', 'restart', 'NetworkManager.service');
    await expectDone(
      container,
      'nmcli',
      'connection',
      'add',
      'type',
      'ethernet',
      'ifname',
      'eth0',
      'con-name',
      'room',
      'ipv4.method',
      'manual',
      'ipv4.addresses',
      '10.79.0.1/24',
      'ipv6.method',
      'disabled',
    );
    await expectDone(container, 'ip', 'route', 'flush', '224.0.0.0/4');
    await expectDone(container, 'nmcli', 'connection', 'up', 'room');
  });

  after(async () => {
    await container.remove();
  });

  test('is installed with the address that it has', async () => {
    answers(container, { rootfs: 'later' });
    await expectDone(container, `${RELEASE}/install.sh`, '--yes', '--answers', '/lab/answers.json');
    const site = await expectDone(container, 'cat', '/etc/openclone/site.json');
    assert.match(site, /"interfaceName": "eth0"/);
    assert.match(site, /"serverAddress": "10\.79\.0\.1"/);
    await assertWorks(container);
  });

  test('works on when NetworkManager is restarted', async () => {
    await expectDone(container, 'systemctl', 'restart', 'NetworkManager.service');
    await until('it is connected again', async () => isConnected(container), LONG);
    await assertWorks(container);
  });

  test('works on when the cable was out', async () => {
    await expectDone(container, 'nmcli', 'device', 'disconnect', 'eth0');
    await expectDone(container, 'nmcli', 'connection', 'up', 'room');
    await until('it is connected again', async () => isConnected(container), LONG);
    await assertWorks(container);
  });
});

async function isConnected(container: Container): Promise<boolean> {
  const { stdout } = await container.run('nmcli', '-t', '-f', 'GENERAL.STATE', 'device', 'show');
  return /:100 /.test(stdout);
}

/** DHCP, TFTP and engines are listened for, and doctor finds no fault with the network. */
async function assertWorks(container: Container): Promise<void> {
  await until(
    'the services listen',
    async () => {
      const { stdout } = await container.run('ss', '-Hlntu');
      return [/:7077 /, /:69 /, /:67 /].every((port) => port.test(stdout));
    },
    LONG,
  );
  const { stdout } = await container.run('openclone', '--json', 'doctor');
  const found = Doctor.parse(JSON.parse(stdout)).checks.filter(({ name }) =>
    NETWORK.includes(name),
  );
  assert.deepEqual(found.map(({ name }) => name).sort(), [...NETWORK].sort());
  for (const { name, findings } of found) {
    for (const each of findings) assert.equal(each.type, 'ok', `${name}: ${each.found}`);
  }
}
