/** What stands in the way of an installation, and what to do about it. */

export type Obstacle = {
  readonly message: string;
  readonly hint: string;
  /** Whether --force goes on all the same. */
  readonly canBeForced: boolean;
};

/** One that --force does not go on in spite of. */
export function obstacle(message: string, hint: string): Obstacle {
  return { message, hint, canBeForced: false };
}

/** One that may be none: --force goes on in spite of it. */
export function possibleObstacle(message: string, hint: string): Obstacle {
  return { message, hint, canBeForced: true };
}
