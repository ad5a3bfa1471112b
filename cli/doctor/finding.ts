/** What a check says: how it is, on what, and what to do about it. */

export type Finding = {
  readonly type: 'ok' | 'warning' | 'failure' | 'skipped';
  /** "subnet main, UEFI"; empty when the check is about one thing only. */
  readonly about: string;
  readonly found: string;
  /** What to do; null when there is nothing to be done. */
  readonly remedy: string | null;
};

export function ok(about: string, found: string): Finding {
  return { type: 'ok', about, found, remedy: null };
}

export function warning(about: string, found: string, remedy: string): Finding {
  return { type: 'warning', about, found, remedy };
}

export function failure(about: string, found: string, remedy: string): Finding {
  return { type: 'failure', about, found, remedy };
}

/** What could not be looked at, and why; `remedy` says how it can be. */
export function skipped(about: string, found: string, remedy: string | null = null): Finding {
  return { type: 'skipped', about, found, remedy };
}
