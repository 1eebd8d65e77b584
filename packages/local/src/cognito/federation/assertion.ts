/** What a provider says of somebody, once it is known to say it. */
export interface Assertion {
  /** Its own name for the person. */
  readonly subject: string;
  readonly claims: Readonly<Record<string, string>>;
}
