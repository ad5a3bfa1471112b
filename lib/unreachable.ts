/** The end of every switch over a union: the compiler proves it is never reached. */
export function unreachable(value: never): never {
  throw new TypeError(`unexpected variant ${JSON.stringify(value)}`);
}
