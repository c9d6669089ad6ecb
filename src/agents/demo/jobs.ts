/** What one agent of the demo is asked, and what must come of it. */
export interface Job {
  readonly ticket: string;
  readonly prompt: string;
  /** Sent when all of them are done with the first. */
  readonly later: string | null;
  /** Subjects of its commits, the oldest first. */
  readonly commits: readonly string[];
  /** Files that they change, in git's order. */
  readonly files: readonly string[];
  /** A file of its branch, and what must stand in it. */
  readonly proof: { readonly file: string; readonly text: (port: number) => string };
}

/** The team; templates/demo/team.yaml says what each prompt makes the scripted agent do. */
export const jobs: readonly Job[] = [
  {
    ticket: 'farewell',
    prompt: 'Add a farewell: the server should say goodbye at /bye.',
    later: 'Put it into a changelog, too.',
    commits: ['Add a farewell', 'Begin a changelog'],
    files: ['CHANGELOG.md', 'greet.js'],
    proof: { file: 'greet.js', text: () => 'return `Goodbye, $' },
  },
  {
    // Line breaks, quotes and dollars must arrive as they are: nothing on their way may read them.
    ticket: 'docs',
    prompt: 'Document how the server is used.\nShow what it "really" answers; don\'t guess.',
    later: null,
    commits: ['Describe how the server is used'],
    files: ['README.md', 'docs/usage.md'],
    proof: { file: 'docs/usage.md', text: (port) => `http://127.0.0.1:${port}/?name=reader -> 200 Hello, reader!` },
  },
  {
    ticket: 'tests',
    prompt: "Write tests, and run them against a server on your own $PORT; it's free.",
    later: null,
    commits: ['Test the server'],
    files: ['test/server.test.js'],
    proof: { file: 'test/server.test.js', text: () => "'Hello, Ada!'" },
  },
];
