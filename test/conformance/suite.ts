/** What a suite came to. */
export type SuiteOutcome =
  | { readonly kind: 'passed' }
  | { readonly kind: 'failed' }
  | { readonly kind: 'skipped'; readonly reason: string };

/** Tests against an engine that others wrote. */
export interface Suite {
  /** What is tried against what, in a line. */
  readonly about: string;
  run(): Promise<SuiteOutcome>;
}
