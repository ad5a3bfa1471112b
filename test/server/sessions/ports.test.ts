import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SessionAddresses } from '../../../server/sessions/ports.ts';

test('live sessions never share ports, and addresses are those for use inside an organisation', () => {
  const addresses = new SessionAddresses(9000);
  const taken = Array.from({ length: 64 }, () => addresses.take());
  assert.equal(new Set(taken.map(({ portBase }) => portBase)).size, 64);
  for (const { portBase, dataAddress } of taken) {
    assert.ok(portBase % 2 === 0 && portBase >= 9000 && portBase < 9128, `${portBase}`);
    // RFC 2365, section 6.2: 239.192.0.0/14.
    assert.match(dataAddress, /^239\.19[2-5]\.\d+\.\d+$/);
  }
});

test('there is an end of sessions, and room again when one is over', () => {
  const addresses = new SessionAddresses(9000);
  const taken = Array.from({ length: 64 }, () => addresses.take());
  assert.throws(() => addresses.take(), { code: 'session-failed', message: /64 are under way/ });
  const [first] = taken;
  assert.ok(first !== undefined);
  addresses.release(first);
  assert.equal(addresses.take().portBase, first.portBase);
});

test('ports that have just been used come last', () => {
  const addresses = new SessionAddresses(9000);
  const ports = Array.from({ length: 64 }, () => {
    const address = addresses.take();
    addresses.release(address);
    return address.portBase;
  });
  assert.equal(new Set(ports).size, 64);
});

test('an odd first port is refused', () => {
  assert.throws(() => new SessionAddresses(9001), RangeError);
});
