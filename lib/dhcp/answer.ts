/** What a server answered a PXE client, in the words of a diagnosis. */

import { addressText, dhcpText, readOptions, type DhcpMessage } from './message.ts';
import { MESSAGE_TYPE, OPTION, PXE_OPTION } from './pxe-client.ts';

export type DhcpAnswer = {
  /** An address with or without boot information, or boot information alone (ProxyDHCP). */
  readonly type: 'offer' | 'proxy';
  /** Option 54; the packet's source where it is missing. */
  readonly serverAddress: string;
  /** Where the packet came from: a relay's address when the server is in another network. */
  readonly sourceAddress: string;
  readonly offeredAddress: string | null;
  readonly subnetMask: string | null;
  readonly routers: readonly string[];
  readonly nameServers: readonly string[];
  readonly leaseSeconds: number | null;
  /** siaddr; null when it is 0.0.0.0: from where GRUB and most firmware fetch the boot file. */
  readonly nextServer: string | null;
  /** Option 66, or the field sname. */
  readonly serverName: string | null;
  /** Option 67, or the field file; with a proxy also what its port 4011 answered. */
  readonly bootFile: string | null;
  readonly bootFileFrom: 'answer' | 'port-4011' | null;
  /** Option 60, "PXEClient". */
  readonly vendorClass: string | null;
  /** The addresses of boot servers in option 43 (PXE 2.1, sub-option 8). */
  readonly bootServers: readonly string[];
  /** The first entry of its boot menu, which a client takes when nobody chooses; null without a menu. */
  readonly bootItem: number | null;
};

/** The answer that `message` is; null for what is none (another message type, a request). */
export function answerOf(message: DhcpMessage, sourceAddress: string): DhcpAnswer | null {
  if (message.operation !== 'reply' || messageTypeOf(message) !== MESSAGE_TYPE.offer) return null;
  const { bootFile, nextServer, serverName } = bootInformation(message);
  return {
    type: message.yourAddress === '0.0.0.0' ? 'proxy' : 'offer',
    serverAddress: serverOf(message, sourceAddress),
    sourceAddress,
    offeredAddress: addressOrNull(message.yourAddress),
    subnetMask: addressesOf(message, OPTION.subnetMask)[0] ?? null,
    routers: addressesOf(message, OPTION.router),
    nameServers: addressesOf(message, OPTION.nameServers),
    leaseSeconds: numberOf(message, OPTION.leaseSeconds),
    nextServer,
    serverName,
    bootFile,
    bootFileFrom: bootFile === null ? null : 'answer',
    vendorClass: textOf(message, OPTION.vendorClass),
    bootServers: bootServersOf(message),
    bootItem: bootItemOf(message),
  };
}

/** `answer` with the boot file that port 4011 of the same server named in `message`; null when it is no such answer. */
export function completedBy(
  answer: DhcpAnswer,
  message: DhcpMessage,
  sourceAddress: string,
): DhcpAnswer | null {
  if (message.operation !== 'reply' || messageTypeOf(message) !== MESSAGE_TYPE.acknowledge) {
    return null;
  }
  if (serverOf(message, sourceAddress) !== answer.serverAddress) return null;
  const { bootFile, nextServer, serverName } = bootInformation(message);
  if (bootFile === null) return null;
  return {
    ...answer,
    bootFile,
    bootFileFrom: 'port-4011',
    nextServer: nextServer ?? answer.nextServer,
    serverName: serverName ?? answer.serverName,
  };
}

function bootInformation(
  message: DhcpMessage,
): Pick<DhcpAnswer, 'bootFile' | 'nextServer' | 'serverName'> {
  return {
    bootFile: textOf(message, OPTION.bootFile) ?? textOrNull(message.bootFile),
    nextServer: addressOrNull(message.nextServer),
    serverName: textOf(message, OPTION.serverName) ?? textOrNull(message.serverName),
  };
}

function serverOf(message: DhcpMessage, sourceAddress: string): string {
  return addressesOf(message, OPTION.serverAddress)[0] ?? sourceAddress;
}

function optionOf(message: DhcpMessage, code: number): Buffer | null {
  return message.options.find((option) => option.code === code)?.value ?? null;
}

function messageTypeOf(message: DhcpMessage): number | null {
  return optionOf(message, OPTION.messageType)?.[0] ?? null;
}

function textOf(message: DhcpMessage, code: number): string | null {
  const value = optionOf(message, code);
  return value === null ? null : textOrNull(dhcpText(value));
}

function numberOf(message: DhcpMessage, code: number): number | null {
  const value = optionOf(message, code);
  return value?.length === 4 ? value.readUInt32BE() : null;
}

function addressesOf(message: DhcpMessage, code: number): string[] {
  return addressesIn(optionOf(message, code) ?? Buffer.alloc(0));
}

function addressesIn(bytes: Buffer): string[] {
  const count = Math.floor(bytes.length / 4);
  return Array.from({ length: count }, (_, index) => addressText(bytes.subarray(4 * index)));
}

/** Sub-option 8: per server a type of two bytes, a count, and as many addresses. */
function bootServersOf(message: DhcpMessage): string[] {
  const list = subOptionOf(message, PXE_OPTION.bootServers);
  if (list === null) return [];
  const found: string[] = [];
  for (let at = 0; at + 3 <= list.length;) {
    const end = at + 3 + 4 * list.readUInt8(at + 2);
    found.push(...addressesIn(list.subarray(at + 3, end)));
    at = end;
  }
  return [...new Set(found)];
}

/** Sub-option 9: per entry a type of two bytes, a length, and a text. */
function bootItemOf(message: DhcpMessage): number | null {
  const menu = subOptionOf(message, PXE_OPTION.bootMenu);
  return menu === null || menu.length < 2 ? null : menu.readUInt16BE();
}

/** Option 43 belongs to the vendor: what cannot be read as options is none of PXE's. */
function subOptionOf(message: DhcpMessage, code: number): Buffer | null {
  try {
    const options = readOptions(optionOf(message, OPTION.vendorOptions) ?? Buffer.alloc(0));
    return options.find((option) => option.code === code)?.value ?? null;
  } catch {
    return null;
  }
}

function addressOrNull(address: string): string | null {
  return address === '0.0.0.0' ? null : address;
}

function textOrNull(text: string): string | null {
  return text === '' ? null : text;
}
