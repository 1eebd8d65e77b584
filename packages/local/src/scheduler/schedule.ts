/** What runs by the clock: a schedule of EventBridge Scheduler, or a rule of EventBridge with a schedule expression. */
export interface ScheduleSpec {
  readonly name: string;
  readonly arn: string;
  /** Schedules call with a role of their own; rules call as EventBridge, which the function's policy lets in. */
  readonly kind: 'schedule' | 'rule';
  /** `rate(5 minutes)`, `cron(0 8 ? * MON-FRI *)`, `at(2026-03-01T08:00:00)` */
  readonly expression: string;
  /** An IANA name; UTC when absent, and always for rules. */
  readonly timezone?: string;
  readonly enabled: boolean;
  readonly functionArn: string;
  /** Needed by schedules. */
  readonly roleArn?: string;
  /** JSON text that the function gets; an event that describes the run when absent. */
  readonly input?: string;
  /** How often a call that the function did not take is tried again. */
  readonly retriesMax?: number;
}

/** A schedule as a page shows it. Times are milliseconds since the epoch. */
export interface ScheduleView extends ScheduleSpec {
  readonly nextRunAt?: number;
  readonly lastRun?: ScheduleRun;
}

export interface ScheduleRun {
  readonly startedAt: number;
  readonly outcome: 'called' | 'failed';
  readonly error?: string;
}

/** One run that is due. */
export interface DueRun {
  readonly schedule: ScheduleSpec;
  /** When it was to be, in milliseconds since the epoch. */
  readonly scheduledAt: number;
  readonly id: string;
  /** From 1. */
  readonly attempt: number;
}
