/** The packet that wakes a machine: AMD's "Magic Packet Technology" (publication 20213, 1995). */

import type { MacAddress } from '../model/names.ts';

/**
 * The UDP port that magic packets go to: discard. Network adapters look for the pattern anywhere in a frame, whatever
 * the port; 9 is the one that routers which forward them are mostly set up for.
 */
export const WAKE_PORT = 9;

const REPETITIONS = 16;

/** Six bytes of ones, then the address sixteen times: 102 bytes, the payload of a UDP datagram. */
export function magicPacket(mac: MacAddress): Buffer {
  const address = Buffer.from(mac.replaceAll(':', ''), 'hex');
  return Buffer.concat([Buffer.alloc(6, 0xff), ...Array<Buffer>(REPETITIONS).fill(address)]);
}
