import { SignatureV4, type SignatureV4Init } from '@smithy/signature-v4';
import * as z from 'zod';
import { Sha256 } from '../signing/sha256.ts';

const target = 'ServiceQuotasV20190624.GetServiceQuota';
const deadlineMs = 10_000;

const answerSchema = z.object({ Quota: z.object({ Value: z.number().nonnegative() }) });
const errorSchema = z.object({ __type: z.string().default('UnknownError'), message: z.string().optional() });

/** Names a quota of AWS. */
export interface QuotaReference {
  readonly serviceCode: string;
  /** `L-` and eight hexadecimal digits. */
  readonly quotaCode: string;
}

/** Gives the value of a quota that is in force in the account and region; `undefined` where it was never changed from AWS's default. */
export type QuotaReader = (quota: QuotaReference) => Promise<number | undefined>;

/** What Service Quotas answered instead of a value; `name` is AWS's name of the error. */
export class ServiceQuotasError extends Error {
  constructor(name: string, message: string) {
    super(message);
    this.name = name;
  }
}

/**
 * Reads quotas by the one call of Service Quotas that is needed.
 * @param options.endpoint where the service answers; by default the region's own
 */
export function quotaReader(options: {
  readonly region: string;
  readonly credentials: SignatureV4Init['credentials'];
  readonly endpoint?: string;
}): QuotaReader {
  const endpoint = new URL(options.endpoint ?? `https://servicequotas.${options.region}.amazonaws.com`);
  const { region, credentials } = options;
  const signer = new SignatureV4({ service: 'servicequotas', region, credentials, sha256: Sha256 });

  return async ({ serviceCode, quotaCode }) => {
    const body = JSON.stringify({ ServiceCode: serviceCode, QuotaCode: quotaCode });
    const { headers } = await signer.sign({
      method: 'POST',
      protocol: endpoint.protocol,
      hostname: endpoint.hostname,
      ...(endpoint.port ? { port: Number(endpoint.port) } : {}),
      path: '/',
      headers: { host: endpoint.host, 'content-type': 'application/x-amz-json-1.1', 'x-amz-target': target },
      body,
    });
    const signal = AbortSignal.timeout(deadlineMs);
    const response = await fetch(new URL('/', endpoint), { method: 'POST', headers, body, signal });
    const answer: unknown = await response.json().catch(() => undefined);
    if (response.ok) return answerSchema.parse(answer).Quota.Value;
    const { __type, message } = errorSchema.parse(answer ?? {});
    const name = __type.slice(__type.lastIndexOf('#') + 1);
    if (name === 'NoSuchResourceException') return undefined;
    if (response.status >= 500) throw new ServiceQuotasError('ServiceUnavailable', message ?? name);
    throw new ServiceQuotasError(name, message ?? `Service Quotas answered with ${response.status}.`);
  };
}
