import { suspenderGroup } from '@tenantry/core/silo/provisioner';
import { suspensionDefinition } from '@tenantry/core/suspension/state-machine';
import type { Silos } from './cluster.ts';
import { createFunction } from './function.ts';
import { on } from './grants.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Stops what runs for suspended tenants, and brings it back. */
export function createSuspension(options: { storage: Storage; silos: Silos | null; training: aws.sfn.StateMachine }) {
  const { storage, silos, training } = options;
  const stopping = on(
    ['states:StopExecution'],
    training.arn.apply((arn) => `${arn.replace(':stateMachine:', ':execution:')}:*`),
  );
  const keeper = createFunction('tasks/suspension', {
    storage,
    environment: { TRAINING_ARN: training.arn },
    grants: [stopping],
  });
  const silo = createFunction('tasks/suspension-silo', {
    storage,
    environment: { CLUSTER_NAME: silos?.cluster.name ?? '' },
    grants: silos ? [on(['eks:DescribeCluster'], silos.cluster.arn)] : [],
    timeoutSeconds: 60,
  });
  silos?.admit('SilosSuspender', silo, suspenderGroup);
  const stateMachine = createStateMachine('Suspension', {
    name: 'suspension',
    definition: $resolve([keeper.arn, silo.arn]).apply(([suspension, scaling]) =>
      suspensionDefinition({ suspension, 'suspension-silo': scaling }),
    ),
    tasks: [keeper.arn, silo.arn],
  });
  return { stateMachine, functions: [keeper, silo], scaler: silo, stopping };
}
