import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { run, type Run } from '../../../lib/exec/run.ts';
import { parseRoute, routeTo } from '../../../lib/network/route.ts';

function recorded(name: string): string {
  return readFileSync(join(import.meta.dirname, '../../fixtures/tool-output', name), 'utf8');
}

test('the route to a neighbour is direct', () => {
  assert.deepEqual(parseRoute(recorded('ip-6.1.0-route-direct.json')), {
    interfaceName: 'd0',
    sourceAddress: '10.77.0.1',
    direct: true,
  });
});

test('the route through a router is not direct', () => {
  assert.deepEqual(parseRoute(recorded('ip-6.1.0-route-gateway.json')), {
    interfaceName: 'd0',
    sourceAddress: '10.77.0.1',
    direct: false,
  });
  assert.deepEqual(parseRoute(recorded('ip-6.1.0-route-ipv6.json')), {
    interfaceName: 'd0',
    sourceAddress: 'fd77::1',
    direct: false,
  });
});

test('the route to this machine itself is its loopback interface', () => {
  assert.equal(parseRoute(recorded('ip-6.1.0-route-local.json')).interfaceName, 'lo');
});

test('what is no route is refused', () => {
  for (const text of ['', '[]', '{}', '[{"dst":"10.0.0.1"}]', 'RTNETLINK answers: x']) {
    assert.throws(() => parseRoute(text));
  }
});

test('the kernel is asked for the way, and no way is an error with its words', async () => {
  const name = `openclone-route-${process.pid}`;
  const inside: Run = (tool, args, options) =>
    run('ip', ['netns', 'exec', name, tool, ...args], options);
  await run('ip', ['netns', 'add', name]);
  try {
    await inside('ip', ['link', 'add', 'e0', 'type', 'veth', 'peer', 'name', 'e1']);
    await inside('ip', ['link', 'add', 'f0', 'type', 'veth', 'peer', 'name', 'f1']);
    for (const device of ['e0', 'e1', 'f0', 'f1'])
      await inside('ip', ['link', 'set', device, 'up']);
    await inside('ip', ['addr', 'add', '10.77.0.1/24', 'dev', 'e0']);
    await inside('ip', ['addr', 'add', '10.77.1.1/24', 'dev', 'f0']);
    await inside('ip', ['route', 'add', '10.77.9.0/24', 'via', '10.77.1.254']);
    assert.deepEqual(await routeTo(inside, '10.77.0.101'), {
      interfaceName: 'e0',
      sourceAddress: '10.77.0.1',
      direct: true,
    });
    assert.deepEqual(await routeTo(inside, '10.77.9.5'), {
      interfaceName: 'f0',
      sourceAddress: '10.77.1.1',
      direct: false,
    });
    await assert.rejects(routeTo(inside, '192.0.2.7'), (error: unknown) => {
      assert.ok(error instanceof Error && error.cause instanceof Error);
      assert.equal(error.message, 'finding the network interface that leads to 192.0.2.7');
      assert.ok(error.cause.cause instanceof Error);
      assert.match(error.cause.cause.message, /Network is unreachable/);
      return true;
    });
  } finally {
    await run('ip', ['netns', 'delete', name]);
  }
});
