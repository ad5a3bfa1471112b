/** Automatic registration for a time, and how many hosts it approves. */

import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import {
  MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS,
  MAX_HOSTS_BY_THEMSELVES_PER_HOUR,
} from '../../../lib/rules/capability.ts';
import { HostId } from '../../../lib/model/ids.ts';
import { MacAddress } from '../../../lib/model/names.ts';
import { Settings } from '../../../lib/model/settings.ts';
import { isRegistrationOpen } from '../../../lib/rules/registration.ts';
import { bootChoices } from '../../../lib/rules/boot-choice.ts';
import { newHost } from '../../../server/hosts/new-host.ts';
import { endRegistration, Registrations } from '../../../server/hosts/registrations.ts';
import { Store } from '../../../server/store/store.ts';
import { emptyStore } from '../../../server/store/schema.ts';
import { withServer } from '../running-server.ts';
import { withDirectory } from '../../support/directories.ts';

const UNTIL = '2026-12-01T11:30:00.000Z';
const END = Date.parse(UNTIL);
const forSomeTime = Settings.parse({
  automaticRegistration: true,
  automaticRegistrationUntil: UNTIL,
});

describe('automatic registration for a time', () => {
  test('automatic registration for a time is over at its end, also for unknown hosts that boot', () => {
    const settings = forSomeTime;
    const others = (now: number): string =>
      bootChoices({ ...emptyStore(), settings }, { hasBuild: true, isServing: true, now }).others;
    assert.deepEqual([others(END - 1), others(END)], ['engine', 'disk']);
    assert.deepEqual(
      [isRegistrationOpen(settings, END - 1), isRegistrationOpen(settings, END)],
      [true, false],
    );
    // A clock that was set back makes no year of half an hour.
    assert.equal(isRegistrationOpen(settings, END - 366 * 86_400_000), false);
    const on = Settings.parse({ automaticRegistration: true });
    assert.equal(isRegistrationOpen(on, END + 1), true);
    const off = Settings.parse({ ...forSomeTime, automaticRegistration: false });
    assert.equal(isRegistrationOpen(off, END - 1), false);
  });

  test('automatic registration for a time is switched off in the store when its time is over, whatever that was, and not before', async () => {
    await withDirectory(async (directory) => {
      const store = await Store.open(directory);
      const set = async (settings: Settings): Promise<void> =>
        store.change((data) => {
          data.settings = settings;
        });
      await set(forSomeTime);
      assert.equal(await endRegistration(store, END - 1), false);
      assert.deepEqual(store.read().settings, forSomeTime);
      assert.equal(await endRegistration(store, END), true);
      assert.deepEqual(store.read().settings, Settings.parse({ automaticRegistration: false }));
      assert.equal(await endRegistration(store, END), false);
      const on = Settings.parse({ automaticRegistration: true });
      await set(on);
      assert.equal(await endRegistration(store, END), false);
      assert.deepEqual(store.read().settings, on);
      await store.close();
    });
  });

  test('automatic registration for a time is set in minutes from now on, without end, or not at all', async () => {
    await withServer(async (server) => {
      const { call } = await server.operator();
      const before = Date.now();
      const set = await call('settings.set', { automaticRegistrationMinutes: 30 });
      const after = Date.now();
      const end = Date.parse(set.automaticRegistrationUntil ?? '');
      assert.equal(set.automaticRegistration, true);
      assert.ok(end >= before + 30 * 60_000 && end <= after + 30 * 60_000, `${end}`);
      // Something else leaves it as it is.
      assert.deepEqual(await call('settings.set', { idleMinutes: 31 }), {
        ...set,
        idleMinutes: 31,
      });
      const engine = await server.readyEngine(1);
      assert.equal((await call('host.show', { host: engine.hostId })).approval, 'approved');
      const on = await call('settings.set', { automaticRegistration: true });
      assert.deepEqual(
        [on.automaticRegistration, on.automaticRegistrationUntil],
        [true, undefined],
      );
      await call('settings.set', { automaticRegistration: true, automaticRegistrationMinutes: 5 });
      const off = await call('settings.set', { automaticRegistration: false });
      assert.deepEqual(
        [off.automaticRegistration, off.automaticRegistrationUntil],
        [false, undefined],
      );
      await assert.rejects(
        call('settings.set', { automaticRegistration: false, automaticRegistrationMinutes: 5 }),
        { code: 'bad-argument' },
      );
      await assert.rejects(call('settings.set', { automaticRegistrationMinutes: 1441 }));
    });
  });
});

test('so many hosts are taken in by themselves within an hour, from however many addresses', () => {
  let now = 0;
  const registrations = new Registrations(() => now);
  const hosts = Array.from({ length: MAX_HOSTS_BY_THEMSELVES_PER_HOUR + 1 }, (_, index) =>
    newHost({
      mac: MacAddress.parse(`52:54:00:00:${hex(index >> 8)}:${hex(index & 255)}`),
      approval: 'approved',
    }),
  );
  const [last] = hosts.slice(-1);
  assert.ok(last !== undefined);
  const addressOf = (index: number): string =>
    `10.0.0.${Math.floor(index / MAX_HOSTS_BY_THEMSELVES_PER_ADDRESS)}`;
  const check = (address: string): void =>
    registrations.check(hosts.slice(0, -1), 'approved', address, 'registering a host');
  for (const [index, host] of hosts.slice(0, -1).entries()) {
    check(addressOf(index));
    registrations.note(host, addressOf(index));
  }
  assert.throws(() => check('10.0.1.1'), /within an hour/);
  // Who waits for approval is counted apart.
  registrations.check([], 'pending', '10.0.1.1', 'registering a host');
  now += 3_600_001;
  check('10.0.1.1');
});

describe('logons', () => {
  const pending = {
    id: HostId.parse('host-0000000001'),
    name: 'pc-1',
    approval: 'pending',
  } as const;
  const approved = { ...pending, approval: 'approved' } as const;
  /** How many of a thousand get through. */
  const passed = (act: (index: number) => void): number =>
    Array.from({ length: 1000 }, (_, index) => {
      try {
        act(index);
        return 1;
      } catch {
        return 0;
      }
    }).reduce<number>((sum, each) => sum + each, 0);

  test('logons of hosts that wait for approval are few from one address, and from all; others are not held up', () => {
    let now = 0;
    const registrations = new Registrations(() => now);
    assert.equal(
      passed(() => registrations.checkLogon(pending, '10.0.0.1')),
      16,
    );
    assert.equal(
      passed((index) => registrations.checkLogon(pending, `10.0.1.${index}`)),
      112,
    );
    registrations.checkLogon(approved, '10.0.0.1');
    now += 1000;
    assert.equal(
      passed(() => registrations.checkLogon(pending, '10.0.0.1')),
      1,
    );
    now += 10_000;
    assert.equal(
      passed(() => registrations.checkLogon(pending, '10.0.0.1')),
      10,
    );
    now += HOUR;
    // However long nobody came: no more at once.
    assert.equal(
      passed(() => registrations.checkLogon(pending, '10.0.0.1')),
      16,
    );
  });

  test('logons of one host that is taken in are few, and of a whole room many', () => {
    const registrations = new Registrations(() => 0);
    assert.equal(
      passed(() => registrations.checkLogon(approved, '10.0.0.1')),
      32,
    );
    const id = (index: number): HostId => HostId.parse(`host-${String(index).padStart(10, '0')}`);
    const room = (index: number): void =>
      registrations.checkLogon({ ...approved, id: id(index + 2) }, '10.0.0.1');
    assert.equal(passed(room), 1000);
  });

  test('logons of one host from elsewhere use up none of those from its own address, however many addresses there are', () => {
    const registrations = new Registrations(() => 0);
    const own = (): void => registrations.checkLogon(approved, '10.0.0.1');
    own();
    const strangers = (index: number): void =>
      registrations.checkLogon(approved, `10.1.${index >> 8}.${index & 255}`);
    assert.equal(passed(strangers), 1000);
    assert.equal(passed(own), 31);
  });

  test('logons are counted for so many addresses; the one that came longest ago makes room for a new one', () => {
    const registrations = new Registrations(() => 0);
    const from = (index: number) => (): void =>
      registrations.checkLogon(approved, `10.1.${index >> 8}.${index & 255}`);
    assert.equal(passed(from(0)), 32);
    for (let index = 1; index < 4096; index += 1) from(index)();
    assert.throws(from(0), /too many logons/);
    for (let index = 4096; index < 2 * 4096; index += 1) from(index)();
    from(0)();
  });

  test('logons that are too many are refused before anything is written', async () => {
    await withServer(async (server) => {
      await server.setAutomaticRegistration(false);
      const engine = await server.readyEngine(1);
      const all = await Promise.allSettled(
        Array.from({ length: 300 }, () => engine.logon(engine.hostId)),
      );
      const refused = all.filter(({ status }) => status === 'rejected');
      assert.ok(refused.length > 0);
      assert.match(
        String(refused[0]?.status === 'rejected' && refused[0].reason),
        /too many logons/,
      );
    });
  });
});

const HOUR = 3_600_000;

function hex(byte: number): string {
  return byte.toString(16).padStart(2, '0');
}
