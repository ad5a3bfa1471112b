/** What a password must be. Nothing here keeps one, and no text here repeats one. */

/** bcrypt reads the first 72 bytes and silently ignores the rest. */
export const MAX_PASSWORD_BYTES = 72;
const MIN_PASSWORD_CHARACTERS = 8;

/**
 * The password as it is hashed and compared: in Unicode's composed form (NFC, as RFC 8265 section 4.2.2), so that an
 * umlaut is the same from every keyboard.
 */
export function normalizedPassword(password: string): string {
  return password.normalize('NFC');
}

/** Why `password` cannot be the one of operator `name`, or null when it can. It is the normalized one that counts. */
export function passwordFault(name: string, password: string): string | null {
  const normal = normalizedPassword(password);
  if (/\p{Cc}/u.test(normal)) return 'a password cannot contain control characters';
  if (!normal.isWellFormed()) return 'a password is text: this is none in any encoding';
  if (Array.from(normal).length < MIN_PASSWORD_CHARACTERS)
    return `a password has at least ${MIN_PASSWORD_CHARACTERS} characters`;
  if (Buffer.byteLength(normal) > MAX_PASSWORD_BYTES)
    return `a password has at most ${MAX_PASSWORD_BYTES} bytes; letters beyond ASCII count 2 to 4`;
  if (normal.toLowerCase() === name.toLowerCase())
    return 'a password cannot be the name of its operator';
  return null;
}
