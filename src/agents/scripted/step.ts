/** One thing that the scripted agent does in a turn. */
export type Step =
  | { readonly do: 'say'; readonly text: string }
  | { readonly do: 'edit'; readonly file: string; readonly change: Change }
  | { readonly do: 'run'; readonly command: string }
  | { readonly do: 'commit'; readonly message: string }
  /** Asks for permission; No ends the turn. */
  | { readonly do: 'ask'; readonly question: string }
  | { readonly do: 'question'; readonly text: string; readonly options: readonly string[] }
  | { readonly do: 'wait'; readonly ms: number }
  /** Ends at once: with an exit code, or by a signal. */
  | { readonly do: 'crash'; readonly how: number | NodeJS.Signals }
  | { readonly do: 'hang' }
  | { readonly do: 'error'; readonly text: string }
  | { readonly do: 'rate_limit'; readonly text: string }
  | { readonly do: 'exit'; readonly code: number }
  | { readonly do: 'print_fast'; readonly lines: number }
  | { readonly do: 'title'; readonly text: string };

export type Change =
  | { readonly how: 'text'; readonly text: string }
  | { readonly how: 'append'; readonly text: string }
  | { readonly how: 'replace'; readonly from: string; readonly to: string };
