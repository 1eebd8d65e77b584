import { S3Client } from '@aws-sdk/client-s3';
import type { CredentialVendor } from '@tenantry/core/isolation/credentials';
import { createClientCache } from './client-cache.ts';

/** Clients that reach one tenant's objects. */
export function scopedS3(vendor: CredentialVendor) {
  const { requestHandler } = new S3Client({}).config;
  return createClientCache(vendor, (credentials) => new S3Client({ credentials, requestHandler }));
}
