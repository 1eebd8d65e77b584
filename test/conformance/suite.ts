/** What a suite came to. */
export type SuiteOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Runs a command of `node_modules/.bin` at the project's root, with its output on the terminal. @returns its exit code */
export type Run = (command: string, args: readonly string[]) => Promise<number>;

/** Tests against an engine that others wrote. */
export interface Suite {
  /** What is tried against what, in a line. */
  readonly about: string;
  run(run: Run): Promise<SuiteOutcome>;
}
