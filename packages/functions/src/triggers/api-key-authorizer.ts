import { authorizeApiKey } from '@tenantry/core/apikey/authorize';
import type { APIGatewayRequestAuthorizerEventV2, APIGatewaySimpleAuthorizerWithContextResult } from 'aws-lambda';
import { readEnvironment, required } from '../environment.ts';
import { log, logTenant, withLogContext } from '../logging.ts';
import { ownDynamo } from '../scoped/dynamo.ts';

const { CONTROL_TABLE } = readEnvironment({ CONTROL_TABLE: required });
const control = { client: ownDynamo(), name: CONTROL_TABLE };

type Result = APIGatewaySimpleAuthorizerWithContextResult<Record<string, string>>;
const denied: Result = { isAuthorized: false, context: {} };

/** Lets a request with a working API key through, and tells the function whose it is. */
export const handler = (event: APIGatewayRequestAuthorizerEventV2): Promise<Result> =>
  withLogContext({ requestId: event.requestContext.requestId }, async () => {
    const key = /^Bearer (\S+)$/i.exec(event.headers?.authorization ?? '')?.[1];
    const found = key ? await authorizeApiKey(control, key) : undefined;
    if (!found) {
      log.info('api key refused');
      return denied;
    }
    const { apiKey, tenant } = found;
    logTenant(tenant.tenantId);
    return {
      isAuthorized: true,
      context: {
        tenantId: tenant.tenantId,
        keyId: apiKey.keyId,
        kind: apiKey.kind,
        status: tenant.status,
        tier: tenant.tier,
        isolation: tenant.isolation,
      },
    };
  });
