/** A UI in the list of hosts. */

import type { Driver } from './driver.ts';
import { inRoom, type InRoomOptions } from './in-room.ts';
import { watchedRoom } from './watched-room.ts';
import type { SmallServer } from '../cli/small-server.ts';

/** In the host list. */
export async function inHosts(
  work: (driver: Driver, server: SmallServer) => Promise<void>,
  options: InRoomOptions & { readonly change?: Parameters<typeof watchedRoom>[0] } = {},
): Promise<void> {
  const { change, handlers = {}, ...rest } = options;
  const room = watchedRoom(change, rest.share ?? null);
  await inRoom(
    async (driver, server) => {
      driver.press('h');
      await driver.waitFor('30 of 30 hosts');
      await work(driver, server);
    },
    { share: null, ...rest, handlers: { ...room.handlers, ...handlers } },
  );
}
