import type { Admission } from '../api/registry.ts';
import { isJsonObject } from '../object.ts';

/**
 * Defaults that others read, and the cap on replicas: a laptop shows that a silo works, not that it scales.
 * Who applies more replicas still owns the field.
 */
export const createAdmission =
  (replicasMax: number): Admission =>
  (kind, body) => {
    if (kind.kind !== 'Deployment' || !isJsonObject(body.spec)) return body;
    const stated = typeof body.spec.replicas === 'number' ? body.spec.replicas : 1;
    return { ...body, spec: { ...body.spec, replicas: Math.min(stated, replicasMax) } };
  };
