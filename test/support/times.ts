/** The time at which sample data happened. */

export const TIME = '2026-11-21T07:00:00.000Z';
