import { authorizeApiKey } from '@tenantry/core/apikey/authorize';
import { isMirroring } from '@tenantry/core/tier-change/migration';
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { log, logTenant, withLogContext } from '../logging.ts';
import { ownTables } from '../scoped/own-tables.ts';

const tables = ownTables('triggers/api-key-authorizer');

type Result = APIGatewaySimpleAuthorizerWithContextResult<Record<string, string>>;

/** The function answers this by a problem document; API Gateway's own refusal would say nothing. */
const refused = (refusal: string): Result => ({ isAuthorized: true, context: { refusal } });

/**
 * Tells the function whose a working API key is. Without that, the function refuses the request: it never sees the key, and takes nobody
 * for known whom this did not name.
 */
export const handler = (event: APIGatewayRequestAuthorizerEventV2): Promise<Result> =>
  withLogContext({ requestId: event.requestContext.requestId }, async () => {
    const key = /^Bearer (\S+)$/i.exec(event.headers?.authorization ?? '')?.[1];
    const found = key ? await authorizeApiKey(tables, key, new Date()) : undefined;
    if (!found) {
      log.info('api key refused');
      return refused(
        key ? 'The API key is not valid, has expired, or was revoked.' : 'Send an API key as a bearer token.',
      );
    }
    const { apiKey, tenant, eventsToday } = found;
    logTenant(tenant.tenantId);
    return {
      isAuthorized: true,
      context: {
        tenantId: tenant.tenantId,
        keyId: apiKey.keyId,
        kind: apiKey.kind,
        status: tenant.status,
        tier: tenant.tier,
        // The onboarding's probe, and that of a tenant that moves to a silo, asks the silo before it serves.
        isolation: apiKey.kind === 'probe' ? 'silo' : tenant.isolation,
        mirrors: String(isMirroring(tenant)),
        eventsToday: String(eventsToday),
      },
    };
  });
