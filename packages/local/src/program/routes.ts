import { type GraphResource, type ResourceGraph, resourcesOfType } from './graph.ts';

/** A deployed route of the HTTP API. */
export interface DeployedRoute {
  readonly method: string;
  readonly path: string;
  /** Type of the authorizer: `JWT`, `REQUEST` (a Lambda), or `NONE`. */
  readonly authorizer: 'JWT' | 'REQUEST' | 'NONE';
  readonly authorizerId?: string;
  /** Logical name of the function that answers, such as `ApiKeys`. */
  readonly function: string;
}

const byId = (resources: readonly GraphResource[]): ReadonlyMap<string, GraphResource> =>
  new Map(resources.map((resource) => [resource.id, resource]));

/** The routes of a graph, by path and method. */
export function routesOf(graph: ResourceGraph): readonly DeployedRoute[] {
  const integrations = byId(resourcesOfType(graph, 'aws:apigatewayv2/integration:Integration'));
  const authorizers = byId(resourcesOfType(graph, 'aws:apigatewayv2/authorizer:Authorizer'));
  const functions = new Map(graph.functions.map((fn) => [fn.arn, fn.logicalName]));

  const authorizerOf = ({ name, inputs }: GraphResource): Pick<DeployedRoute, 'authorizer' | 'authorizerId'> => {
    if (inputs.authorizationType === 'NONE') return { authorizer: 'NONE' };
    const found = authorizers.get(String(inputs.authorizerId));
    const type = found?.inputs.authorizerType;
    if (!found || (type !== 'JWT' && type !== 'REQUEST')) throw new Error(`The route ${name} has no known authorizer.`);
    return { authorizer: type, authorizerId: found.id };
  };

  return resourcesOfType(graph, 'aws:apigatewayv2/route:Route')
    .map((route) => {
      const routeKey = String(route.inputs.routeKey);
      const [method = '', path = ''] = routeKey === '$default' ? ['ANY', routeKey] : routeKey.split(' ');
      const integration = integrations.get(String(route.inputs.target).replace('integrations/', ''));
      const name = functions.get(String(integration?.inputs.integrationUri));
      if (!name) throw new Error(`The route ${route.name} leads to no function.`);
      return { method, path, ...authorizerOf(route), function: name };
    })
    .sort((a, b) => (`${a.path} ${a.method}` < `${b.path} ${b.method}` ? -1 : 1));
}
