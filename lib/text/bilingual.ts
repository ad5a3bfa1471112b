/** A part of the catalogue: the same texts in both languages. */

type Text = string | ((...parts: never[]) => string) | { readonly [name: string]: Text };

/** Both languages have the same names, and functions with the same parameters. */
export function bilingual<T extends { readonly [name: string]: Text }>(texts: {
  readonly en: T;
  readonly de: NoInfer<Widened<T>>;
}): { readonly en: Widened<T>; readonly de: Widened<T> };
export function bilingual(texts: unknown): unknown {
  return texts;
}

/** Any text where English has one. */
type Widened<T> = {
  readonly [K in keyof T]: T[K] extends string
    ? string
    : T[K] extends (...parts: infer P) => string
      ? (...parts: P) => string
      : T[K] extends object
        ? Widened<T[K]>
        : never;
};
