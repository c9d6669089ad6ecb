type Snake<Name extends string> = Name extends `${infer First}${infer Rest}`
  ? First extends Lowercase<First>
    ? `${First}${Snake<Rest>}`
    : `_${Lowercase<First>}${Snake<Rest>}`
  : Name;

/** The same with the names of MCP's arguments and results: `claimed_by`. What lies deeper stays as it is. */
export type SnakeKeys<T> = { readonly [Key in keyof T as Key extends string ? Snake<Key> : never]: T[Key] };

export function snakeKeys<T extends object>(value: T): SnakeKeys<T> {
  const pairs = Object.entries(value).map(([key, one]) => [key.replace(/[A-Z]/g, (c) => `_${c.toLowerCase()}`), one]);
  return Object.fromEntries(pairs) as SnakeKeys<T>;
}
