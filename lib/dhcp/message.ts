/** DHCP messages as bytes (RFC 2131 section 2, RFC 2132, RFC 3396): read from the wire and written to it. */

import { isIPv4 } from 'node:net';
import { z } from 'zod';
import { OperatorError } from '../errors.ts';
import { MacAddress } from '../model/names.ts';

export type DhcpOption = { readonly code: number; readonly value: Buffer };

export type DhcpMessage = {
  readonly operation: 'request' | 'reply';
  readonly transactionId: number;
  readonly elapsedSeconds: number;
  /** Whether the answer has to be broadcast, because the client cannot hear it by its address yet. */
  readonly broadcast: boolean;
  /** ciaddr, yiaddr, siaddr and giaddr; "0.0.0.0" where there is none. */
  readonly clientAddress: string;
  readonly yourAddress: string;
  readonly nextServer: string;
  readonly relayAddress: string;
  readonly macAddress: MacAddress;
  /** The fields sname and file as text; empty when they hold options instead (RFC 2132, option 52). */
  readonly serverName: string;
  readonly bootFile: string;
  /** In their order; what was split over several is one (RFC 3396). Without 0, 52 and 255. */
  readonly options: readonly DhcpOption[];
};

const OPERATIONS = { request: 1, reply: 2 } as const;
const ETHERNET = 1;
const MAGIC_COOKIE = 0x63825363;
const HEADER_BYTES = 240;
const SERVER_NAME = { offset: 44, length: 64 } as const;
const BOOT_FILE = { offset: 108, length: 128 } as const;
const PAD = 0;
const OVERLOAD = 52;
const END = 255;
/** RFC 1542 section 2.1: relays may drop what is shorter. */
const LEAST_BYTES = 300;
const MOST_OPTION_BYTES = 255;

/** Writes a message for Ethernet. Throws `bad-argument` when a text or an option does not fit. */
export function encodeDhcp(message: DhcpMessage): Buffer {
  const header = Buffer.alloc(HEADER_BYTES);
  header.writeUInt8(OPERATIONS[message.operation], 0);
  header.writeUInt8(ETHERNET, 1);
  header.writeUInt8(6, 2);
  header.writeUInt32BE(message.transactionId, 4);
  header.writeUInt16BE(message.elapsedSeconds, 8);
  header.writeUInt16BE(message.broadcast ? 0x8000 : 0, 10);
  addressBytes(message.clientAddress).copy(header, 12);
  addressBytes(message.yourAddress).copy(header, 16);
  addressBytes(message.nextServer).copy(header, 20);
  addressBytes(message.relayAddress).copy(header, 24);
  Buffer.from(message.macAddress.replaceAll(':', ''), 'hex').copy(header, 28);
  writeText(header, message.serverName, SERVER_NAME);
  writeText(header, message.bootFile, BOOT_FILE);
  header.writeUInt32BE(MAGIC_COOKIE, 236);
  const bytes = Buffer.concat([header, ...message.options.map(encodeOption), Buffer.of(END)]);
  const padding = Math.max(0, LEAST_BYTES - bytes.length);
  return Buffer.concat([bytes, Buffer.alloc(padding)]);
}

/** Reads a message. Throws OperatorError `bad-message` for what is no DHCP message of an Ethernet client. */
export function parseDhcp(bytes: Buffer): DhcpMessage {
  if (bytes.length < HEADER_BYTES) throw badMessage(`${bytes.length} bytes are too few`);
  if (bytes.readUInt32BE(236) !== MAGIC_COOKIE) throw badMessage('the magic cookie is missing');
  if (bytes.readUInt8(2) !== 6) throw badMessage('the hardware address has not six bytes');
  const main = readOptions(bytes.subarray(HEADER_BYTES));
  // RFC 2132 section 9.3: 1 the boot file's field holds options, 2 the server name's, 3 both; file first.
  const overload = main.find(({ code }) => code === OVERLOAD)?.value[0] ?? 0;
  const inFile = (overload & 1) === 1;
  const inName = (overload & 2) === 2;
  const options = [
    ...main,
    ...(inFile ? readOptions(fieldOf(bytes, BOOT_FILE)) : []),
    ...(inName ? readOptions(fieldOf(bytes, SERVER_NAME)) : []),
  ];
  return {
    operation: operationOf(bytes.readUInt8(0)),
    transactionId: bytes.readUInt32BE(4),
    elapsedSeconds: bytes.readUInt16BE(8),
    broadcast: (bytes.readUInt16BE(10) & 0x8000) !== 0,
    clientAddress: addressText(bytes.subarray(12, 16)),
    yourAddress: addressText(bytes.subarray(16, 20)),
    nextServer: addressText(bytes.subarray(20, 24)),
    relayAddress: addressText(bytes.subarray(24, 28)),
    macAddress: MacAddress.parse(bytes.toString('hex', 28, 34).replace(/..(?!$)/g, '$&:')),
    serverName: inName ? '' : dhcpText(fieldOf(bytes, SERVER_NAME)),
    bootFile: inFile ? '' : dhcpText(fieldOf(bytes, BOOT_FILE)),
    options: joined(options.filter(({ code }) => code !== OVERLOAD)),
  };
}

/** The text up to the first NUL, as Latin-1: any bytes have one. */
export function dhcpText(bytes: Buffer): string {
  const end = bytes.indexOf(0);
  return bytes.toString('latin1', 0, end === -1 ? bytes.length : end);
}

/** Four bytes as "10.77.0.1". */
export function addressText(bytes: Buffer): string {
  return bytes.subarray(0, 4).join('.');
}

/** "10.77.0.1" as four bytes; throws `bad-argument` for anything else. */
export function addressBytes(address: string): Buffer {
  if (!isIPv4(address)) throw badArgument(`"${address}" is no IPv4 address`);
  return Buffer.from(address.split('.').map(Number));
}

/** Options in their order, until 255 or the end; the bytes may be those of option 43 as well. */
export function readOptions(bytes: Buffer): DhcpOption[] {
  const options: DhcpOption[] = [];
  for (let at = 0; at < bytes.length;) {
    const code = bytes.readUInt8(at);
    if (code === END) break;
    if (code === PAD) {
      at += 1;
      continue;
    }
    const length = bytes[at + 1];
    if (length === undefined || at + 2 + length > bytes.length) {
      throw badMessage(`option ${code} is cut off`);
    }
    options.push({ code, value: bytes.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return options;
}

/** One option as bytes, split where it is longer than 255 bytes (RFC 3396). */
function encodeOption({ code, value }: DhcpOption): Buffer {
  if (!z.number().int().min(1).max(254).safeParse(code).success || code === OVERLOAD) {
    throw badArgument(`${code} is no option that can be written`);
  }
  const parts: Buffer[] = [];
  for (let at = 0; at === 0 || at < value.length; at += MOST_OPTION_BYTES) {
    const part = value.subarray(at, at + MOST_OPTION_BYTES);
    parts.push(Buffer.of(code, part.length), part);
  }
  return Buffer.concat(parts);
}

function joined(options: readonly DhcpOption[]): DhcpOption[] {
  const byCode = new Map<number, Buffer>();
  for (const { code, value } of options) {
    byCode.set(code, Buffer.concat([byCode.get(code) ?? Buffer.alloc(0), value]));
  }
  return [...byCode].map(([code, value]) => ({ code, value }));
}

function writeText(
  header: Buffer,
  text: string,
  field: { readonly offset: number; readonly length: number },
): void {
  const bytes = Buffer.from(text, 'latin1');
  // One byte is kept for the NUL that many clients need.
  if (bytes.length >= field.length || /[^\u0001-\u00ff]/.test(text)) {
    throw badArgument(`"${text}" does not fit`);
  }
  bytes.copy(header, field.offset);
}

function fieldOf(
  bytes: Buffer,
  field: { readonly offset: number; readonly length: number },
): Buffer {
  return bytes.subarray(field.offset, field.offset + field.length);
}

function operationOf(byte: number): DhcpMessage['operation'] {
  if (byte === OPERATIONS.request) return 'request';
  if (byte === OPERATIONS.reply) return 'reply';
  throw badMessage(`${byte} is neither a request nor a reply`);
}

function badMessage(why: string): OperatorError {
  return new OperatorError({
    code: 'bad-message',
    message: 'reading a DHCP message',
    hint: 'Something on the network sends what is no DHCP message to the port of DHCP.',
    cause: new Error(why),
  });
}

function badArgument(why: string): OperatorError {
  return new OperatorError({
    code: 'bad-argument',
    message: 'writing a DHCP message',
    hint: 'Name addresses and texts that fit into one.',
    cause: new Error(why),
  });
}
