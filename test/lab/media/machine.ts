/** A virtual machine, emulated (docs/field-notes.md), that boots a medium until its serial console says something. */

import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { connect } from 'node:net';
import { finished } from 'node:stream/promises';
import { stripVTControlCharacters } from 'node:util';
import { startService } from '../../../lib/exec/service.ts';
import { unreachable } from '../../../lib/unreachable.ts';

export type Firmware = 'bios' | 'uefi' | 'uefi-secure-boot';
export type Slot = 'cd' | 'usb';

/** The console's text when `isEnough` says so, or when the machine or its time has ended. */
export async function bootMedium(options: {
  readonly medium: string;
  readonly firmware: Firmware;
  readonly slot: Slot;
  /** For the firmware's variables. */
  readonly directory: string;
  readonly isEnough: (console: string) => boolean;
  readonly timeoutMs: number;
  /** More devices. */
  readonly devices?: readonly string[];
  /** What a person presses, by QEMU's names of keys, once the console says `at`. */
  readonly press?: { readonly at: string; readonly keys: readonly string[] };
}): Promise<string> {
  let console = '';
  let pressed = false;
  const { directory, firmware, slot, press } = options;
  // Short: a socket's path has at most 107 bytes.
  const monitor = join(directory, `${firmware}-${slot}.mon`);
  const machine = startService(
    'qemu-system-x86_64',
    [
      '-accel',
      'tcg,thread=multi',
      '-cpu',
      'qemu64',
      '-smp',
      '1',
      '-m',
      '512',
      '-nodefaults',
      '-display',
      'none',
      '-no-reboot',
      '-serial',
      'stdio',
      '-net',
      'none',
      ...(await firmwareArguments(firmware, directory, slot)),
      ...slotArguments(slot, options.medium),
      ...(press === undefined ? [] : ['-monitor', `unix:${monitor},server=on,wait=off`]),
      ...(options.devices ?? []),
    ],
    {
      deathSignal: 'KILL',
      input: 'none',
      output: 'stream',
      onText: (text) => hear(text),
    },
  );
  const stop = (): void => machine.kill('SIGKILL');
  const hear = (text: string): void => {
    console += text;
    if (press !== undefined && !pressed && console.includes(press.at)) {
      pressed = true;
      pressKeys(monitor, press.keys);
    }
    if (options.isEnough(console)) stop();
  };
  const limit = setTimeout(stop, options.timeoutMs);
  machine.output?.setEncoding('utf8').on('data', hear);
  await machine.ended;
  // What it said last can come after its end.
  if (machine.output !== null) await finished(machine.output).catch(() => undefined);
  clearTimeout(limit);
  return stripVTControlCharacters(console);
}

/** By QEMU's monitor; a machine that has ended meanwhile has no use for keys. */
function pressKeys(monitor: string, keys: readonly string[]): void {
  const socket = connect(monitor);
  socket.on('error', () => undefined);
  socket.end(keys.map((key) => `sendkey ${key}\n`).join(''));
}

async function firmwareArguments(
  firmware: Firmware,
  directory: string,
  slot: Slot,
): Promise<string[]> {
  const flash = async (code: string, variables: string): Promise<string[]> => {
    const own = join(directory, `${firmware}-${slot}.fd`);
    await copyFile(`/usr/share/OVMF/${variables}`, own);
    return [
      '-drive',
      `if=pflash,format=raw,unit=0,readonly=on,file=/usr/share/OVMF/${code}`,
      '-drive',
      `if=pflash,format=raw,unit=1,file=${own}`,
    ];
  };
  switch (firmware) {
    case 'bios':
      return ['-machine', 'pc,graphics=off'];
    case 'uefi':
      return ['-machine', 'q35', ...(await flash('OVMF_CODE_4M.fd', 'OVMF_VARS_4M.fd'))];
    case 'uefi-secure-boot':
      return [
        '-machine',
        'q35,smm=on',
        '-global',
        'driver=cfi.pflash01,property=secure,value=on',
        ...(await flash('OVMF_CODE_4M.secboot.fd', 'OVMF_VARS_4M.ms.fd')),
      ];
    default:
      return unreachable(firmware);
  }
}

function slotArguments(slot: Slot, medium: string): string[] {
  const drive = `id=medium,if=none,format=raw,readonly=on,file=${medium.replaceAll(',', ',,')}`;
  return slot === 'cd'
    ? ['-device', 'ahci,id=sata', '-drive', `${drive},media=cdrom`].concat([
        '-device',
        'ide-cd,bus=sata.0,drive=medium,bootindex=0',
      ])
    : [
        '-device',
        'qemu-xhci',
        '-drive',
        drive,
        '-device',
        'usb-storage,drive=medium,bootindex=0,removable=on',
      ];
}
