import type { Table } from '../control/table.ts';
import type { TenantId } from '../ids/id.ts';
import { findModel, type RegisteredModel } from './model-registry.ts';
import { findTraining } from './training.ts';

/** What a new model is compared with. */
export interface Opponent {
  /** Of what serves. */
  readonly version: string;
  /** The trained model behind it: the same, or what it was merged into; undefined where the register has it no more. */
  readonly base: Pick<RegisteredModel, 'version' | 'sha256'> | undefined;
}

/** What serves while a model is trained; undefined where nothing does, or the model itself since its training was repeated. */
export async function findOpponent(
  control: Table,
  tenantId: TenantId,
  trainingId: string,
): Promise<Opponent | undefined> {
  const version = (await findTraining(control, tenantId))?.servingVersion;
  if (!version || version === trainingId) return undefined;
  const serving = await findModel(control, tenantId, version);
  const base = serving?.base === undefined ? serving : await findModel(control, tenantId, serving.base);
  return { version, base: base && { version: base.version, sha256: base.sha256 } };
}
