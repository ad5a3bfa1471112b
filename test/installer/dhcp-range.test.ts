import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import fc from 'fast-check';
import { proposeRange } from '../../installer/dhcp-range.ts';
import { ipv4FromNumber, ipv4ToNumber, isInNetwork } from '../../lib/network/ipv4.ts';

describe('the proposed range of addresses', () => {
  test('the proposed range of addresses is the upper half of a network, without network and broadcast address', () => {
    assert.deepEqual(proposeRange('10.77.0.1', 24, ['10.77.0.1']), {
      firstAddress: '10.77.0.128',
      lastAddress: '10.77.0.254',
    });
  });

  test('the proposed range of addresses is the longest stretch beside addresses that are taken', () => {
    assert.deepEqual(proposeRange('10.77.0.1', 24, ['10.77.0.150', '10.77.0.254']), {
      firstAddress: '10.77.0.151',
      lastAddress: '10.77.0.253',
    });
  });

  test('the proposed range of addresses leaves most of a very large network alone', () => {
    assert.deepEqual(proposeRange('10.0.0.1', 8, []), {
      firstAddress: '10.128.0.0',
      lastAddress: '10.128.15.159',
    });
  });

  test('the proposed range of addresses is nothing where there is no room', () => {
    assert.equal(proposeRange('10.0.0.1', 30, ['10.0.0.1', '10.0.0.2']), null);
  });

  test('the proposed range of addresses never has a taken address, the network or the broadcast address in it', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 2 ** 32 - 1 }),
        fc.integer({ min: 8, max: 30 }),
        fc.array(fc.integer({ min: 0, max: 2 ** 32 - 1 }), { maxLength: 20 }),
        (own, prefixLength, others) => {
          const member = ipv4FromNumber(own);
          // Most of them inside.
          const count = 2 ** (32 - prefixLength);
          const network = own - (own % count);
          const taken = [own, ...others.map((other) => network + (other % count))];
          const range = proposeRange(member, prefixLength, taken.map(ipv4FromNumber));
          if (range === null) return;
          const first = ipv4ToNumber(range.firstAddress);
          const last = ipv4ToNumber(range.lastAddress);
          assert.ok(first <= last);
          assert.ok(isInNetwork(range.firstAddress, member, prefixLength));
          assert.ok(first > network && last < network + count - 1);
          for (const address of taken) assert.ok(address < first || address > last);
        },
      ),
    );
  });
});
