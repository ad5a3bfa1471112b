/** The time of all that has ended in the room, and the unit of its disks. */

export const GB = 1_000_000_000;

/** The time of all that is finished. */
export const ROOM_TIME = '2026-11-21T07:00:00.000Z';
