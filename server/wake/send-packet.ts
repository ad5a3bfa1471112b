/** Sends one magic packet. */

import { createSocket } from 'node:dgram';
import { WAKE_PORT } from '../../lib/network/magic-packet.ts';
import type { WakeDestination } from './destinations.ts';

export type SendPacket = (packet: Buffer, destination: WakeDestination) => Promise<void>;

/** Sends `packet` as a broadcast; rejects with what the kernel says (EADDRNOTAVAIL: not an address of this machine). */
export const sendPacket: SendPacket = async (packet, { sourceAddress, broadcastAddress }) => {
  const socket = createSocket('udp4');
  try {
    await new Promise<void>((resolve, reject) => {
      socket.once('error', reject);
      socket.bind({ address: sourceAddress, port: 0 }, () => {
        socket.setBroadcast(true);
        socket.send(packet, WAKE_PORT, broadcastAddress, (error) => {
          if (error === null) resolve();
          else reject(error);
        });
      });
    });
  } finally {
    socket.close();
  }
};
