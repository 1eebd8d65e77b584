import type { MeterName } from './meter-name.ts';

/** Use of one customer within one hour. */
export interface ReportedUsage {
  /** The customer as the biller knows it. */
  readonly customerId: string;
  readonly meter: MeterName;
  /** Whole units, more than 0. */
  readonly units: number;
  readonly at: Date;
  /** Names this report. Telling it again under the same name counts once. */
  readonly identifier: string;
}

/** Whoever makes invoices of what is used. */
export interface UsageBiller {
  /** How long an identifier is surely remembered, in milliseconds. Afterwards telling it again may count again. */
  readonly remembersMs: number;
  /**
   * Tells of use. Returns once the biller has it, also when it had it before.
   * @throws {UsageRefused} when telling it again will never help
   */
  report(usage: ReportedUsage): Promise<void>;
  /** How many units the biller has of a customer's meter from `from` until before `to`, which lie on full minutes. */
  unitsBetween(customerId: string, meter: MeterName, from: Date, to: Date): Promise<number>;
}

/** The biller does not take it. Its message says why, and nothing secret. */
export class UsageRefused extends Error {
  override readonly name = 'UsageRefused';
}
