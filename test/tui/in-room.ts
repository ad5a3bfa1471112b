/** The UI against a small real server that answers as the sample room is. */

import { startSmallServer, withSocketPath, type SmallServer } from '../cli/small-server.ts';
import { waitUntil, withDriver, type Driver, type DriverOptions } from './driver.ts';
import { roomHandlers } from './room-handlers.ts';
import { sampleRoom } from './sample-room.ts';

export type RoomHandlers = Parameters<typeof startSmallServer>[1];

export type InRoomOptions = DriverOptions & {
  /** How far the transmission is; null: nothing runs. */
  readonly share?: number | null;
  /** Whether `work` comes when the images are read; for a room without any. */
  readonly waitsForImages?: boolean;
  /** Answer instead of the room's. */
  readonly handlers?: RoomHandlers;
};

/** Gives `work` a UI that is connected and has read its lists. */
export async function inRoom(
  work: (driver: Driver, server: SmallServer) => Promise<void>,
  options: InRoomOptions = {},
): Promise<void> {
  const { share = 0.4, handlers = {}, waitsForImages = true, ...rest } = options;
  await withSocketPath(async (socketPath) => {
    const room = { ...roomHandlers(sampleRoom(share)), ...handlers };
    const server = await startSmallServer(socketPath, room);
    try {
      await withDriver({ ...rest, socketPath }, async (driver) => {
        await driver.waitFor('cloner, OpenClone');
        await waitUntil(
          'the lists are read',
          () => !waitsForImages || driver.app.state.model.images.length > 0,
        );
        await work(driver, server);
      });
    } finally {
      await server.close();
    }
  });
}

/** The parameters of the first call of that method; undefined when there was none. */
export function called(server: SmallServer, name: string): unknown {
  return server.calls.find((call) => call.name === name)?.params;
}
