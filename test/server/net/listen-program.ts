/** In a network namespace of its own (unshare(1)): listens at addresses of which one comes late; prints what answers. */

import { createServer } from 'node:http';
import { request } from 'node:http';
import { once } from 'node:events';
import { run } from '../../../lib/exec/run.ts';
import { listenOnTcp } from '../../../server/net/listen-tcp.ts';
import { captureLog } from '../captured-log.ts';

const PORT = 8080;
const { log, line, lines } = captureLog();
const server = createServer((_, response) => void response.end('ours'));

await run('ip', ['link', 'set', 'lo', 'up']);
// An address of this machine in a network that nobody named.
await run('ip', ['address', 'add', '10.8.8.1/24', 'dev', 'lo']);
const door = await listenOnTcp(server, {
  addresses: ['127.0.0.1', '10.9.9.1'],
  isFixed: false,
  port: PORT,
  whom: 'boot loaders',
  log,
});
const before = await askAll();
await run('ip', ['address', 'add', '10.9.9.1/24', 'dev', 'lo']);
await line(({ event }) => event === 'address-came');
const afterwards = await askAll();
door.close();
server.closeAllConnections();
server.close();
await once(server, 'close');
const events = lines.map(({ event }) => event);
process.stdout.write(JSON.stringify({ before, afterwards, closed: await askAll(), events }));

async function askAll(): Promise<string[]> {
  return Promise.all(['127.0.0.1', '10.9.9.1', '10.8.8.1'].map(ask));
}

/** What is answered there, or why nothing is. */
async function ask(host: string): Promise<string> {
  return new Promise((resolve) => {
    const asked = request({ host, port: PORT, agent: false }, (response) => {
      response.setEncoding('utf8').once('data', resolve);
    });
    asked.once('error', (error: NodeJS.ErrnoException) => resolve(error.code ?? error.message));
    asked.end();
  });
}
