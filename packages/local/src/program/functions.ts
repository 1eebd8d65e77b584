import { join } from 'node:path';
import type { GraphFunction, GraphResource } from './graph.ts';
import { sourceOf } from './rpc-server.ts';

/** Where a handler's bundle lies below the output folder. */
const bundlePathOf = (handler: string): string => `${handler.slice(0, handler.lastIndexOf('.'))}.mjs`;

/** The Lambda functions of an evaluated program, by handler. */
export function functionsOf(options: {
  readonly root: string;
  readonly resources: readonly GraphResource[];
  /** Handlers by the name of their function's component. */
  readonly handlers: Readonly<Record<string, string>>;
}): readonly GraphFunction[] {
  const { root, resources, handlers } = options;
  const roleNames = new Map(
    resources.filter(({ type }) => type === 'aws:iam/role:Role').map(({ arn, state }) => [arn, String(state.name)]),
  );
  return resources
    .filter(({ type }) => type === 'aws:lambda/function:Function')
    .map(({ name, arn, inputs, state }) => {
      const logicalName = name.replace(/Function$/, '');
      const handler = handlers[logicalName];
      if (!handler) throw new Error(`The function ${name} was never built, so its handler is not known.`);
      const roleArn = String(inputs.role);
      const { variables } = inputs.environment as { readonly variables: Readonly<Record<string, string>> };
      return {
        name: String(state.name),
        logicalName,
        arn: arn ?? '',
        handler,
        bundlePath: bundlePathOf(handler),
        entry: sourceOf(root, handler) ?? join(root, `${handler.slice(0, handler.lastIndexOf('.'))}.ts`),
        environment: variables,
        roleArn,
        roleName: roleNames.get(roleArn) ?? '',
        memoryMb: Number(inputs.memorySize),
        timeoutSeconds: Number(inputs.timeout),
      };
    })
    .sort((a, b) => (a.handler < b.handler ? -1 : 1));
}
