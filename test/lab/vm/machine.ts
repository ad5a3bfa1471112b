/** A computer that boots by network: QEMU by software emulation, its network interface on the room's switch. */

import { copyFileSync } from 'node:fs';
import { join } from 'node:path';
import { startService, type Service } from '../../../lib/exec/service.ts';
import { unreachable } from '../../../lib/unreachable.ts';
import { Console } from './console.ts';
import { Screen } from './screen.ts';

/** `secure-boot`: UEFI that starts only what Microsoft or the distribution's shim vouches for. */
export type Firmware = 'bios' | 'uefi' | 'secure-boot';

export type MachineOptions = {
  readonly name: string;
  readonly firmware: Firmware;
  /** Hexadecimal with colons, lower case. */
  readonly mac: string;
  readonly memoryMebibytes: number;
  /** A raw image, first disk of the machine; written to. */
  readonly disk: string | null;
  /** Others, in the order of the firmware's buses; written to. */
  readonly moreDisks: readonly MachineDisk[];
  /** "e1000": BIOS only, the UEFI here has no driver for it. */
  readonly nic: 'virtio-net-pci' | 'e1000';
  /** The end of the cable of a card that comes before the one above, and that nothing boots from; null: one card only. */
  readonly otherTap: string | null;
  /** A graphics card, on which one can see what people before the machine see. */
  readonly hasScreen: boolean;
};

export type MachineDisk = {
  readonly file: string;
  readonly bus: 'virtio' | 'nvme' | 'usb' | 'ide';
  /** Its place in the firmware's boot order; the network has 1. */
  readonly bootIndex: number;
};

/** Debian's package ovmf. */
const OVMF = '/usr/share/OVMF';

export class Machine {
  readonly mac: string;
  readonly name: string;
  readonly console: Console;
  /** There, if it was asked for; it shows something while the machine is on. */
  readonly screen: Screen | null;
  readonly #options: MachineOptions;
  readonly #place: { readonly namespace: string; readonly tap: string; readonly directory: string };
  #service: Service | null = null;

  /** Off at first. `tap` is its end of the cable, in `namespace`; its files go to `directory`. */
  constructor(
    options: MachineOptions,
    place: {
      readonly namespace: string;
      readonly tap: string;
      readonly directory: string;
      readonly logFile: string;
    },
  ) {
    this.mac = options.mac;
    this.name = options.name;
    this.#options = options;
    this.#place = place;
    this.console = new Console(place.logFile);
    this.screen = options.hasScreen
      ? new Screen({ directory: place.directory, name: this.name })
      : null;
    if (options.firmware !== 'bios') {
      const variables = options.firmware === 'uefi' ? 'OVMF_VARS_4M.fd' : 'OVMF_VARS_4M.ms.fd';
      copyFileSync(join(OVMF, variables), this.#variablesFile);
    }
  }

  /** Switches it on; its firmware boots by network first, then from the disk. */
  powerOn(): void {
    if (this.#service !== null) throw new Error(`${this.name} is on already`);
    const { namespace } = this.#place;
    this.console.skip();
    const service = startService(
      'ip',
      ['netns', 'exec', namespace, 'qemu-system-x86_64', ...this.#arguments()],
      {
        deathSignal: 'KILL',
        input: 'none',
        output: 'stream',
        onText: (text) => this.console.take(text),
      },
    );
    if (service.output !== null) this.console.listen(service.output);
    this.#service = service;
  }

  /** Pulls the plug; one that is off stays so. */
  async powerOff(): Promise<void> {
    const service = this.#service;
    this.#service = null;
    service?.kill('SIGKILL');
    await service?.ended;
  }

  /** Resolves when it has switched itself off. */
  async untilOff(signal?: AbortSignal): Promise<void> {
    const service = this.#service;
    if (service === null) return;
    const aborted = new Promise<void>((resolve) => {
      signal?.addEventListener('abort', () => resolve(), { once: true });
    });
    await Promise.race([service.ended, aborted]);
    signal?.throwIfAborted();
    this.#service = null;
  }

  get #variablesFile(): string {
    return join(this.#place.directory, `${this.name}-variables.fd`);
  }

  #arguments(): string[] {
    const { name, mac, memoryMebibytes, disk, moreDisks, nic, otherTap } = this.#options;
    // OVMF brings its own network stack; QEMU's old iPXE in its way reports wrong sizes to shim (docs/field-notes.md).
    const rom = this.#options.firmware === 'bios' ? '' : ',romfile=';
    return [
      '-name',
      name,
      '-m',
      String(memoryMebibytes),
      '-smp',
      '1',
      '-cpu',
      'qemu64',
      '-accel',
      'tcg,thread=multi',
      '-nodefaults',
      '-display',
      'none',
      '-serial',
      'stdio',
      ...this.#firmwareArguments(),
      ...(this.screen === null ? [] : this.screen.arguments),
      ...(otherTap === null ? [] : otherCardArguments(otherTap, otherMacOf(mac))),
      '-netdev',
      `tap,id=n0,ifname=${this.#place.tap},script=no,downscript=no`,
      '-device',
      `${nic},netdev=n0,mac=${mac},bootindex=1${rom}`,
      '-object',
      'rng-random,id=rng0,filename=/dev/urandom',
      '-device',
      'virtio-rng-pci,rng=rng0',
      ...(disk === null ? [] : diskArguments(disk)),
      ...(moreDisks.some(({ bus }) => bus === 'usb') ? ['-device', 'qemu-xhci,id=usb'] : []),
      ...moreDisks.flatMap(moreDiskArguments),
    ];
  }

  #firmwareArguments(): string[] {
    const flash = (unit: number, file: string, more: string): string[] => [
      '-drive',
      `if=pflash,format=raw,unit=${unit},file=${file}${more}`,
    ];
    const variables = flash(1, this.#variablesFile, '');
    switch (this.#options.firmware) {
      case 'bios':
        // What it says goes to the serial line as well.
        return ['-machine', 'pc,graphics=off'];
      case 'uefi':
        return [
          '-machine',
          'q35',
          ...flash(0, join(OVMF, 'OVMF_CODE_4M.fd'), ',readonly=on'),
          ...variables,
        ];
      case 'secure-boot':
        return [
          '-machine',
          'q35,smm=on',
          '-global',
          'driver=cfi.pflash01,property=secure,value=on',
          ...flash(0, join(OVMF, 'OVMF_CODE_4M.secboot.fd'), ',readonly=on'),
          ...variables,
        ];
      default:
        return unreachable(this.#options.firmware);
    }
  }
}

function otherCardArguments(tap: string, mac: string): string[] {
  return [
    '-netdev',
    `tap,id=other,ifname=${tap},script=no,downscript=no`,
    '-device',
    `virtio-net-pci,netdev=other,mac=${mac},romfile=`,
  ];
}

/** The address of the other card of a machine: "02:…" becomes "06:…". */
export function otherMacOf(mac: string): string {
  return mac.replace(/^02/, '06');
}

function diskArguments(file: string): string[] {
  return [
    '-drive',
    `if=none,id=d0,file=${file},format=raw,cache=unsafe,discard=unmap`,
    '-device',
    'virtio-blk-pci,drive=d0,serial=OCLAB-DISK,bootindex=2',
  ];
}

const DEVICES: Readonly<Record<MachineDisk['bus'], string>> = {
  virtio: 'virtio-blk-pci',
  nvme: 'nvme',
  usb: 'usb-storage,bus=usb.0,removable=on',
  ide: 'ide-hd',
};

function moreDiskArguments({ file, bus, bootIndex }: MachineDisk, index: number): string[] {
  const id = `more${index}`;
  return [
    '-drive',
    `if=none,id=${id},file=${file},format=raw,cache=unsafe,discard=unmap`,
    '-device',
    `${DEVICES[bus]},drive=${id},serial=OCLAB-${index},bootindex=${bootIndex}`,
  ];
}
