/** The route for multicast that the unit of the daemon adds where there is none: in a network namespace of its own. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { daemonUnit } from '../../../installer/templates/units.ts';
import { run } from '../../../lib/exec/run.ts';
import { FULL, sampleSite } from '../sample-site.ts';

/** The shell words of a line of the unit, without systemd's signs before them (systemd.service(5)). */
function commandOf(key: 'ExecStartPre' | 'ExecStopPost'): string {
  const line = daemonUnit(sampleSite([FULL]))
    .split('\n')
    .find((each) => each.startsWith(`${key}=-+/bin/sh`));
  assert.ok(line !== undefined);
  return line.slice(`${key}=-+`.length);
}

/** The routes for multicast after the service's start and end, where `before` has been set up. */
async function routesAfter(before: string): Promise<{ started: string; stopped: string }> {
  const list = 'ip -4 route show 224.0.0.0/4; echo --';
  const { stdout } = await run('unshare', [
    '--net',
    '/bin/sh',
    '-ec',
    `ip link add eth0 type veth peer name peer; ip link set eth0 up; ip link set peer up
     ip address add 10.77.0.1/24 broadcast + dev eth0; ${before}
     ${commandOf('ExecStartPre')} ; ${list}; ${commandOf('ExecStopPost')} || true; ${list}`,
  ]);
  const [started = '', stopped = ''] = stdout.split('--\n');
  return { started: started.trim(), stopped: stopped.trim() };
}

describe('the route for multicast', () => {
  test('the route for multicast is added where there is none, and goes with the server', async () => {
    const { started, stopped } = await routesAfter('true');
    assert.match(started, /^224\.0\.0\.0\/4 dev eth0 proto 177/);
    assert.equal(stopped, '');
  });

  test('the route for multicast is not needed where there is a gateway', async () => {
    const { started } = await routesAfter('ip route add default via 10.77.0.254');
    assert.equal(started, '');
  });

  test("the route for multicast of somebody else's is left alone", async () => {
    const { started, stopped } = await routesAfter('ip route add 224.0.0.0/4 dev eth0');
    assert.equal(started, stopped);
    assert.match(stopped, /^224\.0\.0\.0\/4 dev eth0/);
  });
});
