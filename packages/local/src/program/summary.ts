import { type GraphResource, type ResourceGraph, resourcesOfType } from './graph.ts';
import { rolesOf } from './roles.ts';
import { routesOf } from './routes.ts';

const isCloudResource = ({ type }: GraphResource): boolean => type.startsWith('aws:');

/** What a stage consists of, in words that a person or a script can use; without secrets. */
export function summaryOf(graph: ResourceGraph) {
  return {
    stage: graph.stage,
    resources: graph.resources
      .filter(isCloudResource)
      .map(({ type, name, id, arn }) => ({ type, name, id, ...(arn ? { arn } : {}) })),
    routes: routesOf(graph).map(({ method, path, authorizer, function: name }) => ({
      method,
      path,
      authorizer,
      function: name,
    })),
    functions: graph.functions.map(({ name, logicalName, handler, roleName, memoryMb, timeoutSeconds }) => ({
      name,
      logicalName,
      handler,
      roleName,
      memoryMb,
      timeoutSeconds,
    })),
    stateMachines: resourcesOfType(graph, 'aws:sfn/stateMachine:StateMachine').map(({ name, arn, inputs }) => ({
      name,
      arn,
      definition: JSON.parse(String(inputs.definition)) as unknown,
    })),
    roles: rolesOf(graph),
  };
}
