import { resourcesOfType } from '../../program/graph.ts';
import { listOf, type PolicyDocument } from '../../program/roles.ts';
import type { Rule } from '../lint.ts';

const isOn = (value: unknown): boolean => value === true || value === 'true';
const flag = (value: unknown): boolean => isOn((value as { enabled?: unknown } | undefined)?.enabled);

export const publicBucket: Rule = {
  name: 'public-bucket',
  refuses: 'A bucket is closed to the public in all four ways, and to connections without TLS.',
  check({ graph }) {
    const blocks = resourcesOfType(graph, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock');
    const policies = resourcesOfType(graph, 'aws:s3/bucketPolicy:BucketPolicy');
    const ways = ['blockPublicAcls', 'blockPublicPolicy', 'ignorePublicAcls', 'restrictPublicBuckets'];
    return resourcesOfType(graph, 'aws:s3/bucket:Bucket').flatMap(({ id, name }) => {
      const block = blocks.find(({ inputs }) => inputs.bucket === id)?.inputs ?? {};
      const open = ways.filter((way) => !isOn(block[way]));
      const policy = policies.find(({ inputs }) => inputs.bucket === id)?.inputs.policy;
      const { Statement = [] } = (policy ? JSON.parse(String(policy)) : {}) as Partial<PolicyDocument>;
      const tls = Statement.some(
        ({ Effect, Principal, Condition }) =>
          Effect === 'Deny' && Principal === '*' && listOf(Condition?.Bool?.['aws:SecureTransport'])[0] === 'false',
      );
      const toAll = Statement.some(
        ({ Effect, Principal }) =>
          Effect === 'Allow' &&
          (Principal === '*' || (typeof Principal === 'object' && listOf(Principal.AWS).includes('*'))),
      );
      return [
        ...(open.length > 0
          ? [{ resource: name, problem: `may be opened to the public: set ${open.join(', ')}` }]
          : []),
        ...(tls ? [] : [{ resource: name, problem: 'takes connections without TLS: deny them' }]),
        ...(toAll ? [{ resource: name, problem: 'allows everybody: name who may' }] : []),
      ];
    });
  },
};

/** Public by what it is for; encrypted by S3 itself. */
const isSiteBucket = (name: string): boolean => name.startsWith('Site');

export const encryption: Rule = {
  name: 'encryption',
  refuses: 'What holds tenants’ data says that it is encrypted at rest.',
  check({ graph }) {
    const tables = resourcesOfType(graph, 'aws:dynamodb/table:Table')
      .filter(({ inputs }) => !flag(inputs.serverSideEncryption))
      .map(({ name }) => ({ resource: name, problem: 'a table without encryption: set serverSideEncryption' }));
    const encrypted = resourcesOfType(
      graph,
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
    ).map(({ inputs }) => inputs.bucket);
    const buckets = resourcesOfType(graph, 'aws:s3/bucket:Bucket')
      .filter(({ id, name }) => !isSiteBucket(name) && !encrypted.includes(id))
      .map(({ name }) => ({ resource: name, problem: 'a bucket without encryption: add its configuration' }));
    const queues = resourcesOfType(graph, 'aws:sqs/queue:Queue')
      .filter(({ inputs }) => !isOn(inputs.sqsManagedSseEnabled) && !inputs.kmsMasterKeyId)
      .map(({ name }) => ({ resource: name, problem: 'a queue without encryption: set sqsManagedSseEnabled' }));
    return [...tables, ...buckets, ...queues];
  },
};

export const recovery: Rule = {
  name: 'recovery',
  refuses: 'A table that is protected from deletion can also be brought back to a point in time.',
  check: ({ graph }) =>
    resourcesOfType(graph, 'aws:dynamodb/table:Table')
      .filter(({ inputs }) => isOn(inputs.deletionProtectionEnabled) && !flag(inputs.pointInTimeRecovery))
      .map(({ name }) => ({ resource: name, problem: 'protected without point-in-time recovery' })),
};
