/**
 * Prints what arrives at a broadcast address on the port of magic packets, a JSON object a line: bound to that address,
 * the socket gets nothing that was sent to anybody else (ip(7)).
 */

import { createSocket } from 'node:dgram';
import { WAKE_PORT } from '../../../lib/network/magic-packet.ts';

const socket = createSocket('udp4');
socket.on('message', (packet, { address }) => {
  const mac = packet
    .subarray(6, 12)
    .toString('hex')
    .replace(/..(?=.)/g, '$&:');
  process.stdout.write(`${JSON.stringify({ from: address, mac, bytes: packet.length })}\n`);
});
socket.bind({ address: process.argv[2] ?? '', port: WAKE_PORT }, () => {
  process.stdout.write('ready\n');
});
