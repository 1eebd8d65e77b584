import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { findTraining } from '../training/training.ts';
import { recordEvidence } from './evidence.ts';
import { hourOf } from './hours.ts';

const MINUTE_MS = 60_000;

/**
 * Meters a training that ends in a model: each minute that it began, in the hour in which it started. Recorded before the training is marked as
 * ended, and safe to repeat: the minutes of a training are the same ones.
 */
export async function meterTraining(
  tables: { readonly control: Table; readonly usage: Table },
  tenantId: TenantId,
  trainingId: string,
  endedAt: Date,
): Promise<void> {
  const training = await findTraining(tables.control, tenantId);
  if (training?.trainingId !== trainingId) return;
  const startedAt = new Date(training.startedAt);
  const end = training.endedAt ? new Date(training.endedAt) : endedAt;
  const minutes = Math.max(1, Math.ceil((end.getTime() - startedAt.getTime()) / MINUTE_MS));
  const ids = Array.from({ length: minutes }, (_, i) => `${trainingId}#${i}`);
  await recordEvidence(tables.usage, { tenantId, meter: 'training_minutes', hour: hourOf(startedAt), ids }, endedAt);
}
