import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { run } from '../../../lib/exec/run.ts';
import {
  parseSenderLine,
  senderArguments,
  type SenderEvent,
} from '../../../server/tools/udp-sender.ts';

/** The events in what the real sender printed (three namespaces joined by a bridge, 60 MB of random bytes). */
function recordedEvents(name: string): SenderEvent[] {
  const path = join(import.meta.dirname, '../../fixtures/tool-output', name);
  return readFileSync(path, 'utf8')
    .split(/[\r\n]+/)
    .map(parseSenderLine)
    .filter((event) => event !== null);
}

function withoutStatistics(events: readonly SenderEvent[]): SenderEvent[] {
  return events.filter(({ type }) => type !== 'sent');
}

describe('what udp-sender says', () => {
  test('what udp-sender says of a session that goes well is who connects, the start, the bytes and the end', () => {
    const events = recordedEvents('udp-sender-20120424-two-receivers.txt');
    assert.deepEqual(withoutStatistics(events), [
      { type: 'connected', client: 0, address: '10.77.0.101' },
      { type: 'connected', client: 1, address: '10.77.0.102' },
      { type: 'started' },
      { type: 'ended' },
      { type: 'left', address: '10.77.0.101' },
      { type: 'left', address: '10.77.0.102' },
    ]);
    const sent = events.filter((event) => event.type === 'sent');
    assert.deepEqual(sent[0], { type: 'sent', sentBytes: 6_359_808, resentShare: 0 });
    assert.deepEqual(sent.at(-1), { type: 'sent', sentBytes: 60_000_000, resentShare: 0 });
    assert.ok(sent.length > 5);
  });

  test('what udp-sender says of receivers that die or leave is whom it gives up', () => {
    const events = recordedEvents('udp-sender-20120424-dropped-and-left.txt');
    assert.deepEqual(withoutStatistics(events).slice(3), [
      { type: 'started' },
      { type: 'silent', clients: [0], averageMs: 10 },
      { type: 'dropped', client: 0 },
      { type: 'left', address: '10.77.0.102' },
      { type: 'left', address: '10.77.0.103' },
      { type: 'ended' },
      { type: 'left', address: '10.77.0.101' },
    ]);
  });

  test('what udp-sender says of a receiver that is stopped is who does not answer, again and again, until it gives it up', () => {
    const events = recordedEvents('udp-sender-20120424-stopped.txt');
    const silent: SenderEvent = { type: 'silent', clients: [1], averageMs: 7.158 };
    assert.deepEqual(withoutStatistics(events), [
      { type: 'connected', client: 0, address: '10.77.0.101' },
      { type: 'connected', client: 1, address: '10.77.0.102' },
      { type: 'connected', client: 2, address: '10.77.0.103' },
      { type: 'started' },
      ...Array.from({ length: 5 }, () => silent),
      { type: 'dropped', client: 1 },
      { type: 'left', address: '10.77.0.102' },
      { type: 'silent', clients: [0, 2], averageMs: 6.786 },
      { type: 'ended' },
      { type: 'left', address: '10.77.0.101' },
      { type: 'left', address: '10.77.0.103' },
    ]);
  });

  test('what udp-sender says of a session to which nobody comes is nothing', () => {
    assert.deepEqual(recordedEvents('udp-sender-20120424-nobody.txt'), []);
  });

  test('what udp-sender says of packets that were sent again is their share', () => {
    const line = 'bytes=1 234 567 890  re-xmits=0004711 ( 12.5%) slice=0112 -   1';
    assert.deepEqual(parseSenderLine(line), {
      type: 'sent',
      sentBytes: 1_234_567_890,
      resentShare: 0.125,
    });
    const more = 'bytes=      1 456  re-xmits=0004711 (250.0%) slice=0112 -   1';
    assert.deepEqual(parseSenderLine(more), { type: 'sent', sentBytes: 1456, resentShare: 1 });
  });
});

describe('the arguments of udp-sender', () => {
  const OPTIONS = {
    interfaceName: 'eth0',
    portBase: 9002,
    dataAddress: '239.192.7.8',
    receivers: 16,
    maxWaitSeconds: 10,
    startTimeoutSeconds: 20,
    retriesUntilDrop: 30,
    ttl: 1,
    maxBitsPerSecond: null,
  } as const;

  test('the arguments of udp-sender say what the session is, and limit the rate only when there is a limit', () => {
    const text = senderArguments(OPTIONS).join(' ');
    for (const part of [
      '--interface eth0',
      '--portbase 9002',
      '--mcast-data-address 239.192.7.8',
      '--min-receivers 16',
      '--nokbd',
      '--nopointopoint',
    ]) {
      assert.ok(text.includes(part), part);
    }
    assert.doesNotMatch(text, /bitrate/);
    const limited = senderArguments({ ...OPTIONS, maxBitsPerSecond: 100_000_000 });
    assert.deepEqual(limited.slice(-2), ['--max-bitrate', '100000000']);
  });

  test('the arguments of udp-sender are all known to the real program', async () => {
    // An interface that does not exist ends it before it sends anything; an unknown option would end it earlier.
    const args = senderArguments({ ...OPTIONS, interfaceName: 'none0', maxBitsPerSecond: 1000 });
    const { stderr } = await run('udp-sender', args, { allowedStatuses: [0, 1, 255] });
    assert.match(stderr, /No suitable network interface found/);
    assert.doesNotMatch(stderr, /unrecognized|invalid option/);
  });
});
