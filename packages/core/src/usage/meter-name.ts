import * as z from 'zod';

/** What is metered of a tenant. Stripe's meters go by the same names. */
export const meterNames = [
  'events_collected',
  'recommendations_served',
  'silo_hours',
  'training_minutes',
  'storage_gb_hours',
] as const;
export type MeterName = (typeof meterNames)[number];

export const meterNameSchema = z.enum(meterNames);
