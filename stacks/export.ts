import { exportDefinition } from '@tenantry/core/export/state-machine';
import { createFunction } from './function.ts';
import { createStateMachine } from './state-machine.ts';
import type { Storage } from './storage.ts';

/** Exports of tenants' data into files that they can download. */
export function createExport({ storage }: { storage: Storage }) {
  const task = createFunction('tasks/export-tenant', { storage, memoryMb: 1769, timeoutSeconds: 60 });
  const stateMachine = createStateMachine('Export', {
    name: 'export',
    definition: task.arn.apply((arn) => exportDefinition({ export: arn })),
    tasks: [task.arn],
  });
  return { stateMachine, functions: [task] };
}
