/** Where plain lines go: the kernel's console, unless that is the very screen that is painted. */

import { readFileSync } from 'node:fs';

const ACTIVE_CONSOLES = '/sys/class/tty/console/active';

/**
 * `path`, or null when it is /dev/console and that leads to a screen: it is the last of the consoles that the kernel
 * lists ("tty0 ttyS0"; Documentation/ABI/testing/sysfs-tty), and lines would scroll what is painted there.
 */
export function lineDevice(path: string | null): string | null {
  if (path !== '/dev/console') return path;
  return isScreen(activeConsoles()) ? null : path;
}

/** Whether the last of `consoles`, as the kernel lists them, is a screen. */
export function isScreen(consoles: string): boolean {
  return /^tty\d+$/.test(consoles.trim().split(/\s+/).at(-1) ?? '');
}

function activeConsoles(): string {
  try {
    return readFileSync(ACTIVE_CONSOLES, 'utf8');
  } catch {
    return '';
  }
}
