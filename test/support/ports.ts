/** Ports that nobody listens on. */

import assert from 'node:assert/strict';
import { once } from 'node:events';
import { createServer } from 'node:net';

/** A TCP port of the loopback interface that nobody listens on. */
export async function freePort(): Promise<number> {
  const probe = createServer();
  probe.listen(0, '127.0.0.1');
  await once(probe, 'listening');
  const address = probe.address();
  assert.ok(typeof address === 'object' && address !== null);
  await new Promise((resolve) => probe.close(resolve));
  return address.port;
}
