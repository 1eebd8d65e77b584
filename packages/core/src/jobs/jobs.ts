/** What runs by the clock. */
export interface Job {
  /** As EventBridge Scheduler writes it, in UTC. */
  readonly schedule: `rate(${string})` | `cron(${string})`;
  /** The time between two runs. */
  readonly everySeconds: number;
  /** How often a run that failed is tried again. */
  readonly retries: number;
}

const MINUTE = 60;
const HOUR = 60 * MINUTE;

/** Every job by its name. Schedules, alarms on runs that are missing, and the page of jobs derive from it. */
export const jobs = {
  'review-billing': { schedule: 'rate(5 minutes)', everySeconds: 5 * MINUTE, retries: 1 },
  'expire-registrations': { schedule: 'rate(5 minutes)', everySeconds: 5 * MINUTE, retries: 2 },
  'watch-health': { schedule: 'rate(10 minutes)', everySeconds: 10 * MINUTE, retries: 2 },
  'schedule-training': { schedule: 'rate(10 minutes)', everySeconds: 10 * MINUTE, retries: 2 },
  'count-usage': { schedule: 'rate(10 minutes)', everySeconds: 10 * MINUTE, retries: 2 },
  'measure-usage': { schedule: 'rate(10 minutes)', everySeconds: 10 * MINUTE, retries: 2 },
  'report-usage': { schedule: 'rate(10 minutes)', everySeconds: 10 * MINUTE, retries: 2 },
  'measure-storage': { schedule: 'rate(1 hour)', everySeconds: HOUR, retries: 2 },
  'check-domains': { schedule: 'rate(1 hour)', everySeconds: HOUR, retries: 2 },
  'redrive-streams': { schedule: 'rate(1 hour)', everySeconds: HOUR, retries: 2 },
  finance: { schedule: 'rate(1 hour)', everySeconds: HOUR, retries: 2 },
  // Daily, so that a company that a run could not get to has its report a day later; nobody gets one twice.
  'weekly-report': { schedule: 'cron(0 6 * * ? *)', everySeconds: 24 * HOUR, retries: 2 },
  'send-circulars': { schedule: 'rate(5 minutes)', everySeconds: 5 * MINUTE, retries: 1 },
  reconcile: { schedule: 'cron(15 3 * * ? *)', everySeconds: 24 * HOUR, retries: 1 },
} as const satisfies Record<string, Job>;

export type JobName = keyof typeof jobs;
export const jobNames = Object.keys(jobs) as [JobName, ...JobName[]];

/** No run of a function takes longer on AWS. */
const LONGEST_RUN_SECONDS = 15 * MINUTE;

/** How long after the start of a run the next one may begin at the latest: there is time for retries, and for a clock that is late. */
export const lateAfterSeconds = (name: JobName): number => {
  const { everySeconds } = jobs[name];
  return everySeconds + Math.max(LONGEST_RUN_SECONDS, everySeconds / 4);
};

/** What a run that has begun and not ended can be. */
export const runIsOver = (startedAt: Date, now: Date): boolean =>
  now.getTime() - startedAt.getTime() > LONGEST_RUN_SECONDS * 1000;
