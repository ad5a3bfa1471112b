import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { addressesByRule, conflictsOf, namesByRule } from '../../../lib/rules/host-names.ts';
import { HostId } from '../../../lib/model/ids.ts';

describe('names by a rule', () => {
  test('names by a rule have a prefix and three digits', () => {
    assert.deepEqual(namesByRule({ prefix: 'WS-', start: 10, step: 10 }, 3), [
      'WS-010',
      'WS-020',
      'WS-030',
    ]);
    assert.deepEqual(namesByRule({ prefix: 'pc', start: 12, step: -1 }, 2), ['pc012', 'pc011']);
  });

  test('names by a rule end where three digits do', () => {
    assert.deepEqual(namesByRule({ prefix: 'a', start: 998, step: 1 }, 3), ['a998', 'a999', null]);
    assert.deepEqual(namesByRule({ prefix: 'a', start: 1, step: -1 }, 3), ['a001', 'a000', null]);
    assert.deepEqual(namesByRule({ prefix: 'a', start: Number.NaN, step: 1 }, 1), [null]);
    assert.deepEqual(namesByRule({ prefix: 'a', start: 0.5, step: 1 }, 1), [null]);
  });

  test('names by a rule are all different, and in steps, whatever the rule', () => {
    const whole = fc.integer({ min: 0, max: 999 });
    const step = fc.integer({ min: 1, max: 500 });
    fc.assert(
      fc.property(whole, step, fc.integer({ min: 0, max: 60 }), (start, by, count) => {
        const names = namesByRule({ prefix: 'X-', start, step: by }, count);
        assert.equal(names.length, count);
        const made = names.filter((name) => name !== null);
        assert.equal(new Set(made).size, made.length);
        for (const [index, name] of made.entries()) {
          assert.match(name, /^X-\d{3}$/);
          assert.equal(Number(name.slice(2)), start + index * by);
        }
        // Once it has ended it does not begin again.
        assert.ok(names.slice(made.length).every((name) => name === null));
      }),
    );
  });
});

describe('addresses by a rule', () => {
  test('addresses by a rule go up in steps', () => {
    assert.deepEqual(addressesByRule({ start: '10.77.0.20', step: 2 }, 3), [
      '10.77.0.20',
      '10.77.0.22',
      '10.77.0.24',
    ]);
  });

  test('addresses by a rule stay inside the last octet, without its first and last address', () => {
    assert.deepEqual(addressesByRule({ start: '10.0.0.253', step: 1 }, 3), [
      '10.0.0.253',
      '10.0.0.254',
      null,
    ]);
    assert.deepEqual(addressesByRule({ start: '10.0.0.0', step: 1 }, 1), [null]);
    assert.deepEqual(addressesByRule({ start: '10.0', step: 1 }, 1), [null]);
    const octet = fc.integer({ min: 1, max: 254 });
    fc.assert(
      fc.property(octet, fc.integer({ min: -300, max: 300 }), (first, step) => {
        for (const address of addressesByRule({ start: `10.1.2.${first}`, step }, 40)) {
          if (address === null) continue;
          const parts = address.split('.').map(Number);
          assert.deepEqual(parts.slice(0, 3), [10, 1, 2]);
          assert.ok((parts[3] ?? 0) >= 1 && (parts[3] ?? 0) <= 254);
        }
      }),
    );
  });
});

const id = (number: number): HostId => HostId.parse(`host-${String(number).padStart(10, '0')}`);
const HOSTS = [
  { id: id(1), name: 'pc-1', ipAddress: '10.0.0.1' },
  { id: id(2), name: 'pc-2', ipAddress: '10.0.0.2' },
  { id: id(3), name: 'pc-3', ipAddress: null },
];

describe('conflicts', () => {
  test('conflicts are names and addresses that others have, whatever the capitals', () => {
    assert.deepEqual(
      conflictsOf(HOSTS, [
        { host: id(3), name: 'PC-1' },
        { host: id(2), ipAddress: '10.0.0.1' },
      ]),
      [
        { type: 'name-taken', wanted: 'PC-1', other: { name: 'pc-1', isChanged: false } },
        { type: 'address-taken', wanted: '10.0.0.1', other: { name: 'pc-1', isChanged: false } },
      ],
    );
  });

  test('conflicts are changes that want the same, and names that are none', () => {
    const [first, second, third] = conflictsOf(HOSTS, [
      { host: id(1), name: 'ws-1' },
      { host: id(2), name: 'WS-1' },
      { host: id(3), name: 'has space' },
    ]);
    assert.deepEqual(first?.other, { name: 'pc-2', isChanged: true });
    assert.deepEqual(second?.other, { name: 'pc-1', isChanged: true });
    assert.equal(third?.type, 'invalid-name');
  });

  test('conflicts are none where names are swapped, kept or given back', () => {
    assert.deepEqual(
      conflictsOf(HOSTS, [
        { host: id(1), name: 'pc-2', ipAddress: '10.0.0.2' },
        { host: id(2), name: 'PC-1', ipAddress: null },
        { host: id(3), ipAddress: '10.0.0.1' },
      ]),
      [null, null, null],
    );
    assert.deepEqual(conflictsOf(HOSTS, [{ host: id(1), name: 'PC-1' }]), [null]);
  });

  test('conflicts are found exactly where the result would have something twice', () => {
    const change = fc.record({
      host: fc.constantFrom(id(1), id(2), id(3)),
      name: fc.constantFrom('pc-1', 'pc-2', 'pc-3', 'x', 'X'),
      ipAddress: fc.constantFrom(null, '10.0.0.1', '10.0.0.2', '10.0.0.9'),
    });
    const some = fc.uniqueArray(change, { selector: ({ host }) => host, minLength: 1 });
    fc.assert(
      fc.property(some, (changes) => {
        const after = HOSTS.map((host) => ({
          ...host,
          ...changes.find((each) => each.host === host.id),
        }));
        const repeats = (texts: readonly (string | null)[]): boolean => {
          const real = texts.filter((text) => text !== null);
          return new Set(real).size < real.length;
        };
        const isBad =
          repeats(after.map(({ name }) => name.toLowerCase())) ||
          repeats(after.map(({ ipAddress }) => ipAddress));
        assert.equal(
          conflictsOf(HOSTS, changes).some((each) => each !== null),
          isBad,
        );
      }),
    );
  });
});
