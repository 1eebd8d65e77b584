/** What went wrong, and when, as people of the provider write it down. Times are RFC 3339 in UTC. */
export interface Incident {
  readonly from: string;
  /** Absent while it is not over. */
  readonly to?: string;
  readonly impact: 'degraded' | 'outage' | 'maintenance';
  readonly title: Readonly<Record<'en' | 'ko', string>>;
  /** What was known and done, the oldest first. */
  readonly updates: readonly { readonly at: string; readonly text: Readonly<Record<'en' | 'ko', string>> }[];
}

/** The newest first. Adding one and deploying the site is how an incident is published. */
export const incidents: readonly Incident[] = [];
