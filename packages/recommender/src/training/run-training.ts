import type { Phase } from '@tenantry/core/contract/models';
import type { Table } from '@tenantry/core/control/table';
import type { TenantId } from '@tenantry/core/ids/id';
import { type RegisteredModel, registerModel } from '@tenantry/core/training/model-registry';
import { findOpponent } from '@tenantry/core/training/opponent';
import { advance, type Step } from '@tenantry/core/training/phases';
import { notePhases } from '@tenantry/core/training/training';
import { makeModel, type TrainingBuckets } from './make-model.ts';

/** What a training reaches: one tenant's archive, models, and the register of them. */
export interface TrainingStores extends TrainingBuckets {
  /** The rows of models and trainings. */
  readonly control: Table;
}

/**
 * Archive → model, compared with the one that serves → its file in the bucket → a row in the register. The version is the training's id, so a
 * repeat replaces itself.
 * @param assertWritable asked before anything is written. @throws when nothing may be written for the tenant any more
 */
export async function runTraining(
  { control, ...buckets }: TrainingStores,
  { tenantId, trainingId }: { readonly tenantId: TenantId; readonly trainingId: string },
  assertWritable: () => Promise<unknown>,
): Promise<RegisteredModel> {
  const model = await makeModel(
    buckets,
    { tenantId, trainingId, opponent: await findOpponent(control, tenantId, trainingId) },
    { note: progressOf(control, tenantId, trainingId), assertWritable },
  );
  await registerModel(control, tenantId, model);
  return model;
}

/** Writes down each step of a training. */
export function progressOf(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
  before: readonly Phase[] = [],
): (step: Step) => Promise<void> {
  let phases = before;
  return async (step) => {
    phases = advance(phases, step, new Date());
    await notePhases(control, tenantId, trainingId, phases);
  };
}
