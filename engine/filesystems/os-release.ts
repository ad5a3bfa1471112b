/** Reads os-release(5), which names the distribution of a Linux. */

/** PRETTY_NAME of an os-release file, or NAME; null when it has neither. */
export function parseOsRelease(text: string): string | null {
  for (const key of ['PRETTY_NAME', 'NAME']) {
    const value = new RegExp(`^${key}=(.+)$`, 'm').exec(text)?.[1]?.trim();
    const name = value === undefined ? '' : unquote(value);
    if (name !== '') return name;
  }
  return null;
}

function unquote(value: string): string {
  const inner = /^(["'])(.*)\1$/.exec(value)?.[2] ?? value;
  return inner.replace(/\\(.)/g, '$1');
}
