/** A UI at a real server, by a way that a test can cut. */

import { createServer, connect, type Socket } from 'node:net';
import { join } from 'node:path';
import { withServer, type RunningServer } from '../server/running-server.ts';
import { withDriver, type Driver, type DriverOptions } from './driver.ts';

export const EVA = { name: 'eva', password: 'Schöne Größe 1' };

/** Something between UI and server. */
export type Way = {
  /** Ends all connections; new ones are taken as before. */
  readonly cut: () => void;
};

/** `accounts` are made before the UI comes. */
export async function atServer(
  options: DriverOptions & { readonly accounts?: readonly { name: string; password: string }[] },
  work: (driver: Driver, server: RunningServer, way: Way) => Promise<void>,
): Promise<void> {
  const { accounts = [], ...rest } = options;
  await withServer(async (server) => {
    const { call } = await server.operator();
    for (const account of accounts) await call('operator.add', account);
    const socketPath = join(server.directory, 'way.sock');
    const open = new Set<Socket>();
    const way = createServer((near) => {
      const far = connect(server.options.socketPath);
      for (const [one, other] of [
        [near, far],
        [far, near],
      ] as const) {
        open.add(one);
        one.on('error', () => other.destroy());
        one.on('close', () => {
          open.delete(one);
          other.destroy();
        });
        one.pipe(other);
      }
    });
    const cut = (): void => {
      for (const socket of open) socket.destroy();
    };
    await new Promise<void>((resolve) => way.listen(socketPath, resolve));
    try {
      await withDriver({ ...rest, socketPath }, (driver) => work(driver, server, { cut }));
    } finally {
      cut();
      await new Promise((resolve) => way.close(resolve));
    }
  });
}

/** Logs in and waits for the overview. */
export async function logIn(driver: Driver, { name, password } = EVA): Promise<void> {
  await driver.waitFor(/OpenClone on [^.]/);
  driver.press(name, 'enter', password, 'enter');
  await driver.waitFor(`${name}@`);
}
