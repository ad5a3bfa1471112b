/** What the tests of the operators' calls ask for, and how a server refuses. */

export const NOT_FOUND = { code: 'not-found' };

export const NAME_TAKEN = { code: 'name-taken' };

export const NOT_ALLOWED = { code: 'not-allowed' };

export const BAD_MESSAGE = { code: 'bad-message' };

export const DEPLOY = {
  image: 'win11',
  disk: { type: 'only' },
  transport: 'auto',
  gatherMs: 3_600_000,
  afterwards: null,
} as const;

export const CAPTURE = { disk: { type: 'only' }, compression: 'zstd', afterwards: null } as const;
