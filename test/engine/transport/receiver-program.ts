/**
 * A host's end of a multicast session, to be run in a network namespace: receives on eth0 what the first argument (an
 * ImageSource in JSON) says, tells on standard output what happens, one JSON object a line, and leaves on a line on
 * standard input. With a second argument "stuck" it does not read what arrives.
 */

import { createHash } from 'node:crypto';
import { receiveMulticast } from '../../../engine/transport/multicast-receiver.ts';
import { toReport } from '../../../lib/errors.ts';
import { ImageSource } from '../../../lib/model/operations/assignment.ts';
import { INTERFACE } from '../../lab/network.ts';

const source = ImageSource.parse(JSON.parse(process.argv[2] ?? ''));
if (source.type !== 'multicast') throw new TypeError('not a multicast source');
const receiver = receiveMulticast(source, INTERFACE);

process.stdin.once('data', () => {
  void receiver.leave().then(() => {
    tell({ type: 'left' });
    process.exit(0);
  });
});
if (process.argv[3] === 'stuck') {
  receiver.data.once('readable', () => tell({ type: 'receiving' }));
} else {
  const hash = createHash('sha256');
  let sizeBytes = 0;
  for await (const chunk of receiver.data) {
    if (!Buffer.isBuffer(chunk)) throw new TypeError('data was read as text');
    if (sizeBytes === 0) tell({ type: 'receiving' });
    hash.update(chunk);
    sizeBytes += chunk.length;
  }
  try {
    await receiver.finish();
    tell({ type: 'received', sizeBytes, sha256: hash.digest('hex') });
  } catch (error) {
    tell({ type: 'failed', report: toReport(error) });
  }
  await receiver.leave();
  process.exit(0);
}

function tell(event: unknown): void {
  process.stdout.write(`${JSON.stringify(event)}\n`);
}
