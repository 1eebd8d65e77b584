import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { findModel } from './model-registry.ts';
import { findTraining } from './training.ts';

/** What a new model is compared with. */
export interface Opponent {
  /** Of what serves. */
  readonly version: string;
  /** The trained model behind it: the same, or what it was merged into. */
  readonly base: string;
}

/** What serves while a model is trained; undefined where nothing does, or the model itself since its training was repeated. */
export async function findOpponent(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
): Promise<Opponent | undefined> {
  const version = (await findTraining(control, tenantId))?.servingVersion;
  if (!version || version === trainingId) return undefined;
  return { version, base: (await findModel(control, tenantId, version))?.base ?? version };
}
