import type { MeterName } from './meter-name.ts';

/**
 * What is metered, in one table. Rollups, reports, the API, the forecast and the console derive from it; a meter that is not here is
 * counted nowhere.
 */
export interface Meter {
  readonly title: string;
  /** What one of it is, as a customer reads it. */
  readonly unit: string;
  /**
   * How many steps, which are counted, make a unit, which is charged. Quantities are stored in steps, as integers, so that sums are
   * exact; a biller is told whole units.
   */
  readonly stepsPerUnit: number;
  /** `distinct`: how many different things happened. `gauge`: how much lay there, times for how long. */
  readonly aggregation: 'distinct' | 'gauge';
  /** What is counted, and from what. */
  readonly measuredBy: string;
  /** Whether a biller is told. */
  readonly reported: boolean;
  /** How many units an hour can have at most; absent where nothing bounds them. */
  readonly perHourMax?: number;
}

/** The meters by their names, which are also their names at the biller. */
export const meters = {
  events_collected: {
    title: 'Events',
    unit: 'event',
    stepsPerUnit: 1,
    aggregation: 'distinct',
    measuredBy: 'different ids of events, from the streams of the events tables',
    reported: true,
  },
  recommendations_served: {
    title: 'Recommendations',
    unit: 'recommendation',
    stepsPerUnit: 1,
    aggregation: 'distinct',
    measuredBy: 'different ids of answers, from the stream of the log of recommendations',
    reported: true,
  },
  silo_hours: {
    title: 'Hours of the own silo',
    unit: 'hour',
    stepsPerUnit: 60,
    aggregation: 'distinct',
    measuredBy: 'different minutes in which the silo was there to answer',
    reported: true,
    perHourMax: 1,
  },
  training_minutes: {
    title: 'Minutes of training',
    unit: 'minute',
    stepsPerUnit: 1,
    aggregation: 'distinct',
    measuredBy: 'minutes begun of each training that somebody asked for and that ended in a model',
    reported: true,
  },
  storage_gb_hours: {
    title: 'Storage',
    unit: 'GB-hour',
    stepsPerUnit: 1000,
    aggregation: 'gauge',
    measuredBy: 'bytes of archive, models, exports and the own events table, looked at once a day',
    reported: true,
  },
} as const satisfies Record<MeterName, Meter>;

/** Units, as they are shown, of steps, as they are stored. */
export const unitsOf = (meter: MeterName, steps: number): number => steps / meters[meter].stepsPerUnit;

/** Units that are complete: what a biller is told. */
export const wholeUnitsOf = (meter: MeterName, steps: number): number => Math.floor(unitsOf(meter, steps));
