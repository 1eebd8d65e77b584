import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { CredentialVendor } from '@tenantry/core/isolation/credentials';
import { createClientCache } from './client-cache.ts';

const translate = { marshallOptions: { removeUndefinedValues: true } };

/** A client with the function's own role: for functions that cross tenants, whose grants say which rows. */
export const ownDynamo = (): DynamoDBDocumentClient => DynamoDBDocumentClient.from(new DynamoDBClient({}), translate);

/** Clients that reach one tenant's rows. */
export function scopedDynamo(vendor: CredentialVendor) {
  // One handler, so that all tenants' clients share their connections.
  const { requestHandler } = new DynamoDBClient({}).config;
  return createClientCache(vendor, (credentials) =>
    DynamoDBDocumentClient.from(new DynamoDBClient({ credentials, requestHandler }), translate),
  );
}
