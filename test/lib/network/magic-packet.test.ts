import assert from 'node:assert/strict';
import { test } from 'node:test';
import { magicPacket } from '../../../lib/network/magic-packet.ts';
import { MacAddress } from '../../../lib/model/names.ts';

test('a magic packet is six bytes of ones and sixteen times the address, 102 bytes', () => {
  const packet = magicPacket(MacAddress.parse('52-54-00-77-0A-FF'));
  assert.equal(packet.toString('hex'), 'ff'.repeat(6) + '525400770aff'.repeat(16));
  assert.equal(packet.length, 102);
});
