import * as z from 'zod';
import { AwsError, type AwsRequest, type Engine, type Operation } from '../aws/engine.ts';

/** A quota as the account has it. */
export interface Quota {
  readonly serviceCode: string;
  readonly quotaCode: string;
  readonly quotaName: string;
  readonly value: number;
  readonly adjustable: boolean;
}

export interface ServiceQuotasEngine extends Engine {
  /** Changes what the account has of a quota, as AWS does after a request for more. @throws {TypeError} for a quota that is not known */
  setQuota(quotaCode: string, value: number): void;
}

const target = 'ServiceQuotasV20190624';
const serviceCode = z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{1,63}$/);
const getSchema = z.object({ ServiceCode: serviceCode, QuotaCode: z.string().regex(/^[a-zA-Z][a-zA-Z0-9-]{1,128}$/) });
const listSchema = z.object({
  ServiceCode: serviceCode,
  MaxResults: z.int().min(1).max(100).default(100),
  NextToken: z.string().max(2048).optional(),
});

/**
 * Service Quotas for the quotas that are given. Nothing here is held to them: they are numbers that whoever plans ahead
 * can read.
 */
export function createServiceQuotasEngine(options: {
  readonly accountId: string;
  readonly region: string;
  readonly quotas: readonly Quota[];
}): ServiceQuotasEngine {
  const quotas = new Map(options.quotas.map((quota) => [quota.quotaCode, quota]));

  const view = ({ serviceCode, quotaCode, quotaName, value, adjustable }: Quota) => ({
    ServiceCode: serviceCode,
    QuotaCode: quotaCode,
    QuotaName: quotaName,
    QuotaArn: `arn:aws:servicequotas:${options.region}:${options.accountId}:${serviceCode}/${quotaCode}`,
    Value: value,
    Unit: 'None',
    Adjustable: adjustable,
    GlobalQuota: false,
  });
  const ofService = (code: string): readonly Quota[] => {
    const found = [...quotas.values()].filter((quota) => quota.serviceCode === code);
    if (found.length === 0) throw noSuch(`The service ${code} is not known here.`);
    return found;
  };

  const operations: Readonly<Record<string, (body: unknown) => () => object>> = {
    GetServiceQuota(body) {
      const { ServiceCode, QuotaCode } = parsed(getSchema, body);
      return () => {
        const found = ofService(ServiceCode).find(({ quotaCode }) => quotaCode === QuotaCode);
        if (!found) throw noSuch(`The service ${ServiceCode} has no quota ${QuotaCode} here.`);
        return { Quota: view(found) };
      };
    },
    ListServiceQuotas(body) {
      const { ServiceCode, MaxResults, NextToken } = parsed(listSchema, body);
      return () => {
        const all = ofService(ServiceCode);
        const start = NextToken === undefined ? 0 : Number(NextToken);
        if (!Number.isInteger(start) || start < 1 || start >= all.length) {
          if (NextToken !== undefined) throw new AwsError('InvalidPaginationTokenException', 'The token is not valid.');
        }
        const end = start + MaxResults;
        return {
          Quotas: all.slice(start, end).map(view),
          ...(end < all.length ? { NextToken: String(end) } : {}),
        };
      };
    },
  };

  return {
    services: ['servicequotas'],
    protocol: 'json',
    prepare(request: AwsRequest): Operation {
      const [prefix, name = ''] = (request.headers['x-amz-target'] ?? '').split('.');
      const operation = prefix === target && Object.hasOwn(operations, name) ? operations[name] : undefined;
      if (!operation) throw new AwsError('UnknownOperationException', `Not supported here: ${name || 'no target'}`);
      const run = operation(bodyOf(request));
      return {
        name,
        // IAM knows no resources for reading quotas.
        requires: [{ action: `servicequotas:${name}`, resource: '*' }],
        run: async () => ({ body: run() }),
      };
    },
    setQuota(quotaCode, value) {
      const quota = quotas.get(quotaCode);
      if (!quota) throw new TypeError(`There is no quota ${quotaCode}.`);
      quotas.set(quotaCode, { ...quota, value });
    },
    close: async () => undefined,
  };
}

const noSuch = (message: string): AwsError => new AwsError('NoSuchResourceException', message);

function bodyOf({ body }: AwsRequest): unknown {
  try {
    return JSON.parse(body.toString() || '{}');
  } catch {
    throw new AwsError('SerializationException', 'The body is not JSON.');
  }
}

function parsed<T extends z.ZodType>(schema: T, body: unknown): z.output<T> {
  const result = schema.safeParse(body);
  if (!result.success) throw new AwsError('IllegalArgumentException', z.prettifyError(result.error));
  return result.data;
}
