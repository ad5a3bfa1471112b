/** The overview against a small real server, by keys alone. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { waitUntil } from '../driver.ts';
import { inRoom } from '../in-room.ts';
import { sampleRoom } from '../sample-room.ts';
import { HALF_WRITTEN_BY, watchedRoom } from '../watched-room.ts';
import { verbatim } from '../../../lib/model/messages/table.ts';

describe('overview', () => {
  test('overview shows the server, the running task with its progress, and what failed', async () => {
    await inRoom(async (driver) => {
      const text = (await driver.waitFor('deploy win11 to room-1')).join('\n');
      assert.match(text, /Hosts +30 {2}20 working {2}6 ready {2}4 off/);
      assert.match(text, /2 wait for approval: h a p/);
      assert.match(text, /running +█+.* 38 % +0\/20 {2}deploy win11/);
      assert.match(text, /✗ failed .* 1\/2 {2}capture pc-07 to win11/);
    });
  });

  test('overview: a half-written host is neither ready nor off, and named', async () => {
    const isBroken = new Set(['pc-21', 'pc-27']);
    const { handlers } = watchedRoom((host) =>
      isBroken.has(host.name)
        ? {
            ...host,
            halfWritten: { disk: '/dev/sda', since: host.registeredAt, runId: HALF_WRITTEN_BY },
          }
        : host,
    );
    await inRoom(
      async (driver) => {
        const text = (await driver.waitFor('half written')).join('\n');
        assert.match(text, /Hosts +30 {2}20 working {2}5 ready {2}3 off/);
        assert.match(text, /✗ 2 half written: pc-21, pc-27/);
      },
      { handlers },
    );
  });

  test('overview: what the server complains of is seen below all the rest', async () => {
    const { status } = sampleRoom();
    const problems = Array.from({ length: 2 }, (_, index) => ({
      what: verbatim(`problem ${index + 1}`),
      hint: verbatim('Look.'),
    }));
    await inRoom(async (driver, server) => {
      server.tell({ ...status, problems });
      await driver.waitFor('problem 2: Look.');
    });
  });

  test('overview in German, by LANG or option', async () => {
    await inRoom(
      async (driver) => {
        const text = (await driver.waitFor('Übersicht')).join('\n');
        assert.match(text, /20 in Arbeit/);
        assert.match(text, /h Rechner {2}g Gruppen/);
      },
      { language: 'de' },
    );
  });

  test('overview in ASCII not one byte of its own output is above 127', async () => {
    await inRoom(
      async (driver) => {
        for (const key of [
          'g',
          'escape',
          'i',
          'enter',
          'escape',
          'escape',
          't',
          'enter',
          'enter',
        ]) {
          const before = driver.written.length;
          driver.press(key);
          await waitUntil(`${key} is painted`, () => driver.written.length > before);
        }
        await driver.waitFor('write partition 1');
        // Names of others are theirs: everything else is ours.
        const own = driver.written.replaceAll(/Übungsraum|Köln|Ä|Ö|ü/g, '');
        assert.match(own, /^[\x00-\x7f]*$/);
      },
      { unicode: false, colours: 0, terminal: 'vt100' },
    );
  });
});
