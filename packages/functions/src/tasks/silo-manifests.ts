import { siloEventsTable } from '@tenantry/core/events/store';
import { imageOf } from '@tenantry/core/fleet/version';
import type { Manifest } from '@tenantry/core/silo/kubernetes';
import { siloManifests } from '@tenantry/core/silo/manifests/silo';
import type { Tenant } from '@tenantry/core/tenant/tenant';
import { tierCatalogue } from '@tenantry/core/tier/catalogue';
import { siloTier } from '@tenantry/core/tier-change/migration';
import * as z from 'zod';
import { readEnvironment, required } from '../environment.ts';

/** Makes the objects of tenants' silos with what the stage has: the same for whoever sets them up and whoever changes them. */
export function siloManifestsFor(): {
  /** The image of a stage that had no rollout yet; empty where there are no silos. */
  readonly image: string;
  readonly of: (tenant: Tenant, options: { version: string; accessToken: string }) => readonly Manifest[];
} {
  const environment = readEnvironment({
    STAGE: required,
    SILO_IMAGE: z.string(),
    SILO_DOMAIN: z.string(),
    SILO_TABLE_PREFIX: required,
    RECOMMENDATIONS_TABLE: required,
    SHOPPERS_TABLE: required,
    MODELS_BUCKET: required,
    AWS_REGION: required,
  });
  return {
    image: environment.SILO_IMAGE,
    of(tenant, { version, accessToken }) {
      const { tenantId, slug } = tenant;
      const { name, silo } = tierCatalogue[siloTier(tenant)];
      if (!silo) throw new Error(`The tier ${name} has no silo.`);
      return siloManifests({
        tenantId,
        slug,
        tier: { name, silo },
        image: imageOf(environment.SILO_IMAGE, version),
        environment: {
          TENANT_ID: tenantId,
          VERSION: version,
          EVENTS_TABLE: siloEventsTable(environment.SILO_TABLE_PREFIX, tenantId),
          RECOMMENDATIONS_TABLE: environment.RECOMMENDATIONS_TABLE,
          SHOPPERS_TABLE: environment.SHOPPERS_TABLE,
          MODELS_BUCKET: environment.MODELS_BUCKET,
          AWS_REGION: environment.AWS_REGION,
        },
        host: `${slug}.${environment.SILO_DOMAIN}`,
        stage: environment.STAGE,
        accessToken,
      });
    },
  };
}
