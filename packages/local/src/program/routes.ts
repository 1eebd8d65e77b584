import { type GraphResource, type ResourceGraph, resourcesOfType } from './graph.ts';

/** A deployed route of the HTTP API. */
export interface DeployedRoute {
  readonly method: string;
  readonly path: string;
  /** Logical name of the function that vouches for the caller, such as `TriggersTokenAuthorizer`; absent when nobody does. */
  readonly authorizer?: string;
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

  const authorizerOf = ({ name, inputs }: GraphResource): Pick<DeployedRoute, 'authorizer'> => {
    if (inputs.authorizationType === 'NONE') return {};
    const uri = String(authorizers.get(String(inputs.authorizerId))?.inputs.authorizerUri);
    const authorizer = functions.get(uri.replace(/^.*\/functions\//, '').replace(/\/invocations$/, ''));
    if (!authorizer) throw new Error(`The route ${name} has no known authorizer.`);
    return { authorizer };
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
