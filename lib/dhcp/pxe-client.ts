/** What a PXE client says: its DISCOVER, and its question to a proxy's port 4011 (PXE 2.1, sections 2.2 and 2.4). */

import type { MacAddress } from '../model/names.ts';
import { addressBytes, type DhcpMessage, type DhcpOption } from './message.ts';

/** Client system architectures (RFC 4578, IANA): BIOS, two for UEFI x64, UEFI x64 by HTTP. */
export type ClientArch = 0 | 7 | 9 | 16;

export const OPTION = {
  subnetMask: 1,
  router: 3,
  nameServers: 6,
  vendorOptions: 43,
  leaseSeconds: 51,
  messageType: 53,
  serverAddress: 54,
  requestedOptions: 55,
  mostBytes: 57,
  vendorClass: 60,
  serverName: 66,
  bootFile: 67,
  clientArch: 93,
  networkInterface: 94,
  machineId: 97,
} as const;

/** Inside option 43 (PXE 2.1, table 2-1). */
export const PXE_OPTION = { bootServers: 8, bootMenu: 9, bootItem: 71 } as const;

export const MESSAGE_TYPE = { discover: 1, offer: 2, request: 3, acknowledge: 5 } as const;

export type PxeClient = {
  readonly transactionId: number;
  readonly macAddress: MacAddress;
  readonly clientArch: ClientArch;
  readonly vendorClass: string;
};

/** "PXEClient:Arch:00007:UNDI:003001"; UEFI HTTP boot says HTTPClient. */
export function vendorClassOf(clientArch: ClientArch): string {
  const name = clientArch === 16 ? 'HTTPClient' : 'PXEClient';
  return `${name}:Arch:${String(clientArch).padStart(5, '0')}:UNDI:003001`;
}

/** Asks everybody for an address and a boot file; answers must be broadcast. */
export function discoverMessage(client: PxeClient, elapsedSeconds: number): DhcpMessage {
  return messageOf(client, {
    elapsedSeconds,
    clientAddress: '0.0.0.0',
    options: [byte(OPTION.messageType, MESSAGE_TYPE.discover)],
  });
}

/**
 * Asks a proxy's boot service for the boot file. It goes to port 4011 only, where no DHCP server gives addresses:
 * no lease comes of it. `clientAddress` is where the answer goes; `bootItem` the entry of the proxy's boot menu
 * that the client chose (PXE 2.1, option 43, sub-option 71), null when there is no menu.
 */
export function bootServerRequest(
  client: PxeClient,
  question: {
    readonly clientAddress: string;
    readonly serverAddress: string;
    readonly bootItem: number | null;
  },
): DhcpMessage {
  const { bootItem, clientAddress, serverAddress } = question;
  return messageOf(client, {
    elapsedSeconds: 0,
    clientAddress,
    options: [
      byte(OPTION.messageType, MESSAGE_TYPE.request),
      { code: OPTION.serverAddress, value: addressBytes(serverAddress) },
      ...(bootItem === null
        ? []
        : [
            {
              code: OPTION.vendorOptions,
              value: Buffer.of(PXE_OPTION.bootItem, 4, bootItem >> 8, bootItem & 0xff, 0, 0, 255),
            },
          ]),
    ],
  });
}

function messageOf(
  client: PxeClient,
  message: Pick<DhcpMessage, 'elapsedSeconds' | 'clientAddress' | 'options'>,
): DhcpMessage {
  return {
    ...message,
    operation: 'request',
    transactionId: client.transactionId,
    broadcast: true,
    yourAddress: '0.0.0.0',
    nextServer: '0.0.0.0',
    relayAddress: '0.0.0.0',
    macAddress: client.macAddress,
    serverName: '',
    bootFile: '',
    options: [...message.options, ...clientOptions(client)],
  };
}

function clientOptions({ clientArch, macAddress, vendorClass }: PxeClient): DhcpOption[] {
  // Type 0, then 16 bytes: the specification lets a machine without UUID make one of its MAC address.
  const machineId = Buffer.alloc(17);
  Buffer.from(macAddress.replaceAll(':', ''), 'hex').copy(machineId, 11);
  const arch = Buffer.alloc(2);
  arch.writeUInt16BE(clientArch);
  return [
    { code: OPTION.requestedOptions, value: Buffer.from(REQUESTED) },
    { code: OPTION.mostBytes, value: Buffer.of(0x05, 0xc0) },
    { code: OPTION.machineId, value: machineId },
    { code: OPTION.clientArch, value: arch },
    // Type 1 (UNDI), version 3.1, as vendorClassOf says.
    { code: OPTION.networkInterface, value: Buffer.of(1, 3, 1) },
    { code: OPTION.vendorClass, value: Buffer.from(vendorClass, 'latin1') },
  ];
}

const REQUESTED: readonly number[] = [
  OPTION.subnetMask,
  OPTION.router,
  OPTION.nameServers,
  OPTION.vendorOptions,
  OPTION.leaseSeconds,
  OPTION.serverAddress,
  OPTION.vendorClass,
  OPTION.serverName,
  OPTION.bootFile,
  OPTION.machineId,
];

function byte(code: number, value: number): DhcpOption {
  return { code, value: Buffer.of(value) };
}
