import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { SendingRate } from '../../../server/sessions/sending-rate.ts';
import { Silence } from '../../../server/sessions/silence.ts';
import { parseSenderLine, type SenderEvent } from '../../../server/tools/udp-sender.ts';

/** When the sender of the recording (`--retries-until-drop 30`) said what is no statistics, in milliseconds. */
const RECORDED_AT = [
  587, 849, 1171, 1272, 5789, 7845, 13_973, 20_101, 26_175, 27_183, 27_183, 35_381,
];
/** The statistics after the receiver was dropped, and after the moment for which the two others did not answer. */
const GOES_ON_AT = [27_184, 35_461];

/** Feeds `silence` the recording up to and with the `count`-th event that is no statistics. */
function hearRecorded(silence: Silence, count: number): void {
  const path = '../../fixtures/tool-output/udp-sender-20120424-stopped.txt';
  const lines = readFileSync(join(import.meta.dirname, path), 'utf8').split(/[\r\n]+/);
  let heard = 0;
  for (const event of lines.map(parseSenderLine).filter((each) => each !== null)) {
    silence.hear(event, RECORDED_AT[event.type === 'sent' ? heard - 1 : heard] ?? 0);
    if (event.type !== 'sent') heard += 1;
    if (heard === count) return;
  }
}

test('a receiver that is stopped is named, and what is left until it is dropped is what it was', () => {
  for (const index of [4, 5, 6, 7, 8]) {
    const silence = new Silence(30);
    hearRecorded(silence, index + 1);
    const toldAt = RECORDED_AT[index] ?? assert.fail();
    const now = Math.max(toldAt, 5789 + 1000);
    const silent = silence.at(now) ?? assert.fail();
    assert.deepEqual(silent.addresses, ['10.77.0.102']);
    const leftMs = 27_183 - now;
    assert.ok(Math.abs(silent.leftMs - leftMs) < 500, `${silent.leftMs} ms, it was ${leftMs}`);
  }
});

test('who is silent for a moment is not named, nor who answers again', () => {
  const silence = new Silence(30);
  hearRecorded(silence, 5);
  assert.equal(silence.at(5789 + 999), null);
  assert.notEqual(silence.at(5789 + 1000), null);
  const sent = (sentBytes: number): SenderEvent => ({ type: 'sent', sentBytes, resentShare: 0 });
  silence.hear(sent(20_873_216), 8000);
  assert.notEqual(silence.at(8000), null, 'nothing was sent since');
  silence.hear(sent(20_873_217), 8001);
  assert.equal(silence.at(100_000), null);
  assert.equal(silence.isBegun, false);
});

test('who was dropped is not waited for any more, and what is silent later begins again', () => {
  const silence = new Silence(30);
  hearRecorded(silence, 10);
  assert.equal(silence.isBegun, false);
  const [goesOnAt = 0] = GOES_ON_AT;
  silence.hear({ type: 'sent', sentBytes: 23_319_296, resentShare: 0 }, goesOnAt);
  silence.hear({ type: 'silent', clients: [0, 2], averageMs: 6.786 }, 35_381);
  const silent = silence.at(36_381) ?? assert.fail();
  assert.deepEqual(silent.addresses, ['10.77.0.101', '10.77.0.103']);
  assert.ok(silent.leftMs > 19_000, `${silent.leftMs} ms`);
});

test('few retries are over before the sender waits for whole seconds', () => {
  const silence = new Silence(5);
  silence.hear({ type: 'connected', client: 0, address: '10.77.0.101' }, 0);
  silence.hear({ type: 'silent', clients: [0, 7], averageMs: 10 }, 1000);
  assert.deepEqual(silence.at(2000), { addresses: ['10.77.0.101'], leftMs: 0 });
});

test('the rate of a session is that of the last seconds, and goes to nothing when nothing is sent', () => {
  const rate = new SendingRate();
  assert.equal(rate.at(0), 0);
  rate.note(0, 0);
  rate.note(1_000_000, 1000);
  assert.equal(rate.at(1000), 1_000_000);
  for (let second = 2; second <= 20; second += 1)
    rate.note(1_000_000 + 500_000 * second, second * 1000);
  assert.equal(rate.at(20_000), 500_000);
  assert.equal(rate.at(25_000), 0);
});
