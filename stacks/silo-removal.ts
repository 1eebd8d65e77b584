import { eraserGroup } from '@tenantry/core/silo/provisioner';
import type { Silos } from './cluster.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import { type FunctionGrant, on } from './grants.ts';
import { localArn } from './naming.ts';
import type { Storage } from './storage.ts';
import type { StreamConsumer } from './stream-consumer.ts';

/** Takes silos down: of tenants that leave, of onboardings that failed, and of tenants that move to the pool. */
export function createSiloRemoval(options: {
  storage: Storage;
  silos: Silos | null;
  archive: StreamConsumer;
}): DeployedFunction {
  const { storage, silos, archive } = options;
  const removal = createFunction('tasks/deletion-silo', {
    storage,
    environment: {
      CLUSTER_NAME: silos?.cluster.name ?? '',
      EVENT_ARCHIVE_FUNCTION: archive.function.name,
      SILO_TABLE_PREFIX: storage.silo.prefix,
    },
    grants: [
      ...(silos ? clusterRemoval(silos) : []),
      ...mappingRemoval(archive),
      on(['dynamodb:DescribeTable', 'dynamodb:DeleteTable'], storage.silo.tables),
    ],
    timeoutSeconds: 60,
  });
  silos?.admit('SilosEraser', removal, eraserGroup);
  return removal;
}

const clusterRemoval = ({ cluster }: Silos): readonly FunctionGrant[] => [
  on(['eks:DescribeCluster', 'eks:ListPodIdentityAssociations'], cluster.arn),
  on(['eks:DeletePodIdentityAssociation'], localArn('eks', $interpolate`podidentityassociation/${cluster.name}/*`)),
];

const mappingRemoval = (archive: StreamConsumer): readonly FunctionGrant[] => [
  on(['lambda:ListEventSourceMappings'], '*'),
  {
    actions: ['lambda:DeleteEventSourceMapping'],
    resources: [localArn('lambda', 'event-source-mapping:*')],
    conditions: [{ test: 'ArnEquals', variable: 'lambda:FunctionArn', values: [archive.function.arn] }],
  },
];
