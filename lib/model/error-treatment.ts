/** The one table that says how each error code is treated. */

/**
 * One row per code: the command line's exit status (0 to 9 stay as they are: scripts know them from
 * an older headless client) and the HTTP status on the data channel. Documented in docs/design/protocol.md by name only.
 */
export const ERROR_TREATMENT = {
  // what was asked for
  'bad-argument': { exitStatus: 2, httpStatus: 400 },
  'not-found': { exitStatus: 9, httpStatus: 404 },
  'not-allowed': { exitStatus: 10, httpStatus: 409 },
  'name-taken': { exitStatus: 10, httpStatus: 409 },
  unauthorized: { exitStatus: 4, httpStatus: 403 },
  // the connection
  'connection-failed': { exitStatus: 1, httpStatus: 502 },
  'connection-lost': { exitStatus: 7, httpStatus: 502 },
  'protocol-mismatch': { exitStatus: 1, httpStatus: 400 },
  'bad-message': { exitStatus: 8, httpStatus: 400 },
  'timed-out': { exitStatus: 3, httpStatus: 504 },
  'internal-error': { exitStatus: 8, httpStatus: 500 },
  // the store and the images
  'store-damaged': { exitStatus: 11, httpStatus: 500 },
  'store-newer': { exitStatus: 11, httpStatus: 500 },
  'store-locked': { exitStatus: 11, httpStatus: 500 },
  'store-write-failed': { exitStatus: 11, httpStatus: 500 },
  'image-damaged': { exitStatus: 12, httpStatus: 500 },
  'image-newer': { exitStatus: 12, httpStatus: 500 },
  'image-store-full': { exitStatus: 12, httpStatus: 507 },
  /** A host sends more than the disk can make that it captures. */
  'capture-too-large': { exitStatus: 12, httpStatus: 507 },
  'image-write-failed': { exitStatus: 12, httpStatus: 500 },
  // the work on a host
  'disk-not-found': { exitStatus: 13, httpStatus: 409 },
  'disk-changed': { exitStatus: 13, httpStatus: 409 },
  'disk-ambiguous': { exitStatus: 13, httpStatus: 409 },
  'disk-busy': { exitStatus: 13, httpStatus: 409 },
  'disk-too-small': { exitStatus: 13, httpStatus: 409 },
  'disk-sector-size': { exitStatus: 13, httpStatus: 409 },
  'disk-read-only': { exitStatus: 13, httpStatus: 409 },
  'disk-read-failed': { exitStatus: 13, httpStatus: 500 },
  'disk-write-failed': { exitStatus: 13, httpStatus: 500 },
  'partition-table-bad': { exitStatus: 13, httpStatus: 409 },
  'hash-mismatch': { exitStatus: 14, httpStatus: 409 },
  'stream-wrong': { exitStatus: 14, httpStatus: 409 },
  'stream-broken': { exitStatus: 14, httpStatus: 502 },
  /** The session went on without this host, whose disk is untouched: it may join the next one. */
  'session-missed': { exitStatus: 14, httpStatus: 409 },
  'session-failed': { exitStatus: 14, httpStatus: 500 },
  'tool-missing': { exitStatus: 15, httpStatus: 500 },
  'tool-failed': { exitStatus: 15, httpStatus: 500 },
  // the end of a run
  interrupted: { exitStatus: 16, httpStatus: 409 },
  cancelled: { exitStatus: 16, httpStatus: 409 },
  /** The host did not come, or was not free, in the time that the work was to wait for it. */
  'not-in-time': { exitStatus: 16, httpStatus: 409 },
  'task-failed': { exitStatus: 17, httpStatus: 500 },
} as const satisfies Record<string, { exitStatus: number; httpStatus: number }>;

export type ErrorCode = keyof typeof ERROR_TREATMENT;
