import { createHash } from 'node:crypto';
import { PutObjectCommand } from '@aws-sdk/client-s3';
import { isTenantId, newId, type TenantId } from '@tenantry/core/ids/id';
import { modelKey } from '@tenantry/core/training/model-registry';
import { pointTo } from '@tenantry/core/training/promotion';
import type { LocalCloud } from '@tenantry/local/cloud/local-cloud';
import { encodeModel } from '@tenantry/recommender/model/model-file';
import { sessionsOf, shelvedVisits } from '@tenantry/recommender/testing/made-sessions';
import { trainOnSessions } from '@tenantry/recommender/training/train';
import { bucketName, rootS3 } from './s3.ts';

export interface MadeModel {
  readonly version: string;
  readonly blob: Uint8Array;
  readonly sha256: string;
}

export function madeModel(): MadeModel {
  const version = newId('model');
  const blob = encodeModel(trainOnSessions(sessionsOf(shelvedVisits(60, 3)), { version }));
  return { version, blob, sha256: createHash('sha256').update(blob).digest('hex') };
}

/** Lets models serve a tenant of a cloud, by their files and the object that names them, whatever the files hold. */
export function modelsOf(cloud: LocalCloud, tenantId: string) {
  if (!isTenantId(tenantId)) throw new Error(`${tenantId} is no tenant id`);
  const id: TenantId = tenantId;
  const models = { client: rootS3(cloud), bucket: bucketName(cloud, 'Models') };
  return {
    async promote(model: MadeModel, before?: MadeModel, blob = model.blob): Promise<void> {
      const Key = modelKey(id, model.version);
      await models.client.send(new PutObjectCommand({ Bucket: models.bucket, Key, Body: blob }));
      await pointTo(models, id, model, before, new Date());
    },
    /** How often recommenders have read the file of a model. */
    reads: ({ version }: MadeModel): number =>
      cloud.calls
        .all()
        .filter(
          ({ operation, requirements }) =>
            operation === 'GetObject' && requirements.some(({ resource }) => resource.endsWith(modelKey(id, version))),
        ).length,
    close: () => models.client.destroy(),
  };
}
