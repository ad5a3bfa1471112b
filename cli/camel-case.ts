/** The names that commander gives options and arguments. */

/** "new-name" as "newName", as commander does with options. */
export function camelCase(name: string): string {
  return name.replace(/-([a-z0-9])/g, (_, letter: string) => letter.toUpperCase());
}
