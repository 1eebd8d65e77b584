import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DynamoDBClient } from '@aws-sdk/client-dynamodb';
import { S3Client } from '@aws-sdk/client-s3';
import { STSClient } from '@aws-sdk/client-sts';
import { createIam, type ResourcePolicySpec } from '../../iam/iam.ts';
import type { RoleSpec } from '../../iam/role.ts';
import { createSts } from '../../sts/sts.ts';
import { createGateway } from '../gateway.ts';
import type { CallRecord } from '../record.ts';
import { createToyDynamoDb, createToyRest, createToyS3 } from './toy-engines.ts';

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

export const roleArn = (name: string): string => `arn:aws:iam::000000000000:role/${name}`;
export const tableArn = (name: string): string => `arn:aws:dynamodb:us-east-1:000000000000:table/${name}`;

export const trustOf = (principal: unknown, actions: readonly string[] = ['sts:AssumeRole'], condition?: object) => ({
  Version: '2012-10-17',
  Statement: {
    Effect: 'Allow',
    Principal: principal,
    Action: actions,
    ...(condition ? { Condition: condition } : {}),
  },
});

export const lambdaTrust = trustOf({ Service: 'lambda.amazonaws.com' });

export function role(name: string, statements: readonly object[], options: Partial<RoleSpec> = {}): RoleSpec {
  return {
    arn: roleArn(name),
    name,
    trustPolicy: lambdaTrust,
    policies:
      statements.length === 0 ? [] : [{ name: 'own', document: { Version: '2012-10-17', Statement: statements } }],
    ...options,
  };
}

export const allow = (
  action: string | readonly string[],
  resource: string | readonly string[],
  condition?: object,
) => ({
  Effect: 'Allow',
  Action: action,
  Resource: resource,
  ...(condition ? { Condition: condition } : {}),
});

export type TestCloud = Awaited<ReturnType<typeof startTestCloud>>;

/** A gateway with toy engines, the roles given, and a clock that stands unless it is moved. */
export async function startTestCloud(options: {
  readonly roles: readonly RoleSpec[];
  readonly resourcePolicies?: readonly ResourcePolicySpec[];
  readonly maxBodyBytes?: number;
}) {
  const dir = mkdtempSync(join(tmpdir(), 'gateway-'));
  // SDK clients sign by the machine's clock.
  const clock = { offset: 0, now: () => Date.now() + clock.offset };
  const calls: CallRecord[] = [];
  const faults: unknown[] = [];
  const iam = createIam(options);
  const sts = createSts({ dir, iam, now: clock.now });
  const s3 = createToyS3();
  const gateway = createGateway({
    engines: [sts.engine, createToyDynamoDb(), s3, createToyRest()],
    iam,
    sts,
    now: clock.now,
    onCall: (record) => calls.push(record),
    onFault: (error) => faults.push(error),
    ...(options.maxBodyBytes === undefined ? {} : { maxBodyBytes: options.maxBodyBytes }),
  });
  const endpoint = await gateway.listen(0);
  const config = (credentials: Credentials) => ({
    endpoint,
    region: 'us-east-1',
    credentials: { ...credentials },
    maxAttempts: 1,
  });
  const clients: { destroy(): void }[] = [];
  const kept = <T extends { destroy(): void }>(client: T): T => {
    clients.push(client);
    return client;
  };
  return {
    dir,
    endpoint,
    clock,
    calls,
    faults,
    iam,
    sts,
    s3,
    gateway,
    root: sts.issueRootCredentials(),
    /** Credentials of a role that Lambda may take, as a function has them. */
    as: (name: string, tags?: Record<string, string>) =>
      sts.assumeRoleForService({
        roleArn: roleArn(name),
        servicePrincipal: 'lambda.amazonaws.com',
        sessionName: 'a-function',
        ...(tags ? { tags } : {}),
      }),
    dynamodb: (credentials: Credentials) => kept(new DynamoDBClient(config(credentials))),
    s3Client: (credentials: Credentials) => kept(new S3Client({ ...config(credentials), forcePathStyle: true })),
    stsClient: (credentials: Credentials) => kept(new STSClient(config(credentials))),
    async stop() {
      for (const client of clients) client.destroy();
      await gateway.close();
      rmSync(dir, { recursive: true });
    },
  };
}
