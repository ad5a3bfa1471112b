import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, test, type TestContext } from 'node:test';
import split from 'split2';
import { z } from 'zod';
import { receiverArguments } from '../../../engine/transport/multicast-receiver.ts';
import { run } from '../../../lib/exec/run.ts';
import { SessionId } from '../../../lib/model/ids.ts';
import type { ImageSource } from '../../../lib/model/operations/assignment.ts';
import { senderArguments } from '../../../server/tools/udp-sender.ts';
import { addMachine, addSwitch, INTERFACE, removeNamespace } from '../../lab/network.ts';
import { afterTest, scratchDirectory } from '../scratch-disk.ts';
import { until } from '../../support/wait.ts';

type Multicast = Extract<ImageSource, { type: 'multicast' }>;

const SOURCE: Multicast = {
  type: 'multicast',
  sessionId: SessionId.parse('session-0000000001'),
  portBase: 9100,
  rendezvousAddress: null,
  ttl: 1,
  startTimeoutMs: 30_000,
};

const Event = z.discriminatedUnion('type', [
  z.object({ type: z.literal('receiving') }),
  z.object({ type: z.literal('left') }),
  z.object({ type: z.literal('received'), sizeBytes: z.number(), sha256: z.string() }),
  z.object({ type: z.literal('failed'), report: z.object({ code: z.string() }) }),
]);
type Event = z.infer<typeof Event>;

type Network = { readonly server: string; readonly hosts: readonly string[] };

/** A switch, a server and `count` hosts, each in a namespace of its own. */
async function makeNetwork(t: TestContext, count: number): Promise<Network> {
  const prefix = `octest-${process.pid}`;
  const names = ['server', ...Array.from({ length: count }, (_, index) => `host${index + 1}`)];
  const switchNamespace = `${prefix}-switch`;
  afterTest(t, () => removeNamespace(run, switchNamespace));
  await addSwitch(run, switchNamespace);
  for (const [index, name] of names.entries()) {
    const namespace = `${prefix}-${name}`;
    afterTest(t, () => removeNamespace(run, namespace));
    await addMachine(run, {
      namespace,
      switchNamespace,
      port: name,
      address: `10.92.0.${index + 1}/24`,
      mac: `52:54:00:92:00:0${index + 1}`,
    });
  }
  const [server = '', ...hosts] = names.map((name) => `${prefix}-${name}`);
  return { server, hosts };
}

function startReceiver(
  t: TestContext,
  namespace: string,
  source: Multicast,
  ...more: readonly string[]
): { events: Event[]; leave: () => void; saw: (type: Event['type']) => Promise<Event> } {
  const program = join(import.meta.dirname, 'receiver-program.ts');
  const child = spawn(
    'ip',
    ['netns', 'exec', namespace, process.execPath, program, JSON.stringify(source), ...more],
    { stdio: ['pipe', 'pipe', 'inherit'] },
  );
  const ended = once(child, 'exit');
  afterTest(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  const events: Event[] = [];
  child.stdout.pipe(split()).on('data', (line: string) => {
    if (line !== '') events.push(Event.parse(JSON.parse(line)));
  });
  return {
    events,
    leave: () => void child.stdin.write('leave\n'),
    saw: async (type) => {
      await until(`the receiver says ${type}`, () => events.some((event) => event.type === type));
      return events.find((event) => event.type === type) ?? assert.fail();
    },
  };
}

/** Sends `content` as the server does; `said` is what the sender writes on its standard error. */
async function startSender(
  t: TestContext,
  namespace: string,
  content: Buffer,
  options: { receivers: number; maxBitsPerSecond: number | null },
): Promise<{ said: () => string; ended: Promise<unknown> }> {
  const file = join(await scratchDirectory(t), 'content');
  await writeFile(file, content);
  const args = senderArguments({
    interfaceName: INTERFACE,
    portBase: SOURCE.portBase,
    dataAddress: '232.92.0.1',
    maxWaitSeconds: 30,
    startTimeoutSeconds: 30,
    retriesUntilDrop: 30,
    ttl: 1,
    ...options,
  });
  const child = spawn('ip', ['netns', 'exec', namespace, 'udp-sender', ...args, '--file', file], {
    stdio: ['ignore', 'ignore', 'pipe'],
  });
  const ended = once(child, 'exit');
  afterTest(t, () => {
    child.kill('SIGKILL');
    return ended;
  });
  let said = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => (said += text));
  return { said: () => said, ended };
}

test('udp-receiver gets the interface, the ports, a large buffer, its time-outs, and the rendezvous only behind a router.', () => {
  assert.equal(
    receiverArguments({ ...SOURCE, startTimeoutMs: 1500 }, 'eth0').join(' '),
    '--interface eth0 --portbase 9100 --rcvbuf 4194304 --start-timeout 2 --receive-timeout 30 --ttl 1 --nokbd --no-progress',
  );
  const routed = receiverArguments(
    { ...SOURCE, ttl: 8, rendezvousAddress: '192.0.2.1' },
    'enp3s0',
  ).join(' ');
  assert.match(routed, /--ttl 8 --mcast-rdv-address 192\.0\.2\.1 /);
});

describe('Receiving by multicast', () => {
  test('Receiving by multicast gives each host every byte, and a host that leaves in the middle tells the sender so and holds up nobody', async (t) => {
    const { server, hosts } = await makeNetwork(t, 3);
    const [staying = '', leaving = '', stuck = ''] = hosts;
    const content = randomBytes(12_000_000);
    const receivers = {
      staying: startReceiver(t, staying, SOURCE),
      leaving: startReceiver(t, leaving, SOURCE),
      // Its consumer has stopped: udp-receiver waits to write, and must leave all the same.
      stuck: startReceiver(t, stuck, SOURCE, 'stuck'),
    };
    const sender = await startSender(t, server, content, {
      receivers: 3,
      maxBitsPerSecond: 50_000_000,
    });
    await receivers.leaving.saw('receiving');
    receivers.leaving.leave();
    await receivers.leaving.saw('left');
    await receivers.stuck.saw('receiving');
    receivers.stuck.leave();
    await receivers.stuck.saw('left');
    const received = await receivers.staying.saw('received');
    assert.deepEqual(received, {
      type: 'received',
      sizeBytes: content.length,
      sha256: createHash('sha256').update(content).digest('hex'),
    });
    await sender.ended;
    assert.match(sender.said(), /Disconnecting #\d+ \(10\.92\.0\.3\)/);
    assert.match(sender.said(), /Disconnecting #\d+ \(10\.92\.0\.4\)/);
    assert.doesNotMatch(sender.said(), /because of timeout/);
  });

  test('Receiving by multicast ends as a broken stream when no sender comes in time', async (t) => {
    const { hosts } = await makeNetwork(t, 1);
    const receiver = startReceiver(t, hosts[0] ?? '', { ...SOURCE, startTimeoutMs: 1000 });
    const failed = await receiver.saw('failed');
    assert.ok(failed.type === 'failed');
    assert.equal(failed.report.code, 'stream-broken');
  });
});
