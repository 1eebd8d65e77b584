import { createHash } from 'node:crypto';
import type { TenantId } from '../ids/id.ts';

/**
 * How an erased shopper is named afterwards: in the audit log, on the certificate, and where late events are recognised. Whoever still has the
 * shopper's id can tell that it is meant; the id itself is nowhere. SHA-256, in hexadecimal, of the company's id, `#` and the shopper's.
 */
export const shopperHash = (tenantId: TenantId, shopperId: string): string =>
  createHash('sha256').update(`${tenantId}#${shopperId}`).digest('hex');
