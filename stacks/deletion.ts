import { type DeletionTask, deletionDefinition } from '@tenantry/core/deletion/state-machine';
import { eraserGroup } from '@tenantry/core/silo/provisioner';
import type { StripeAccess } from './billing.ts';
import type { Silos } from './cluster.ts';
import type { EventArchive } from './dataplane.ts';
import { createFunction, type DeployedFunction } from './function.ts';
import { type FunctionGrant, on } from './grants.ts';
import type { Identity } from './identity.ts';
import { localArn } from './naming.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';
import type { createSuspension } from './suspension.ts';
import type { createTraining } from './training.ts';

/** Erases tenants that leave, with everything that they have. */
export function createDeletion(options: {
  storage: Storage;
  silos: Silos | null;
  archive: EventArchive;
  identity: Identity;
  stripe: StripeAccess;
  suspension: ReturnType<typeof createSuspension>;
  training: ReturnType<typeof createTraining>;
}) {
  const { storage, silos, archive, identity, stripe, suspension, training } = options;
  const timeoutSeconds = 60;
  const silo = createFunction('tasks/deletion-silo', {
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
    timeoutSeconds,
  });
  silos?.admit('SilosEraser', silo, eraserGroup);
  const tasks = {
    deletion: createFunction('tasks/deletion', {
      storage,
      environment: { TRAINING_ARN: training.stateMachine.arn },
      grants: [suspension.stopping],
      timeoutSeconds,
    }),
    'deletion-data': createFunction('tasks/deletion-data', { storage, timeoutSeconds }),
    'deletion-members': createFunction('tasks/deletion-members', {
      storage,
      environment: { USER_POOL_ID: identity.pool.id, OPERATORS_GROUP: identity.operators.name },
      grants: [on(['cognito-idp:AdminDeleteUser', 'cognito-idp:AdminListGroupsForUser'], identity.pool.arn)],
      timeoutSeconds,
    }),
    'deletion-billing': createFunction('tasks/deletion-billing', {
      storage,
      environment: stripe.environment,
      timeoutSeconds,
    }),
    'deletion-silo': silo,
  } as const satisfies Record<Exclude<DeletionTask, 'suspension-silo'>, DeployedFunction>;

  const arns = $util.all({
    ...Object.fromEntries(Object.entries(tasks).map(([name, { arn }]) => [name, arn])),
    'suspension-silo': suspension.scaler.arn,
  }) as $util.Output<Record<DeletionTask, string>>;
  const functions = Object.values(tasks);
  const stateMachine = createStateMachine('Deletion', {
    name: 'deletion',
    definition: arns.apply(deletionDefinition),
    tasks: [...functions, suspension.scaler].map(({ arn }) => arn),
  });
  return { stateMachine, functions, siloRemoval: silo };
}

const clusterRemoval = ({ cluster }: Silos): readonly FunctionGrant[] => [
  on(['eks:DescribeCluster', 'eks:ListPodIdentityAssociations'], cluster.arn),
  on(['eks:DeletePodIdentityAssociation'], localArn('eks', $interpolate`podidentityassociation/${cluster.name}/*`)),
];

const mappingRemoval = (archive: EventArchive): readonly FunctionGrant[] => [
  on(['lambda:ListEventSourceMappings'], '*'),
  {
    actions: ['lambda:DeleteEventSourceMapping'],
    resources: [localArn('lambda', 'event-source-mapping:*')],
    conditions: [{ test: 'ArnEquals', variable: 'lambda:FunctionArn', values: [archive.function.arn] }],
  },
];
