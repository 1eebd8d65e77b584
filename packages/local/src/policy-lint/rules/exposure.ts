import { routes as contract } from '@tenantry/core/contract/routes';
import { resourcesOfType } from '../../program/graph.ts';
import { routesOf } from '../../program/routes.ts';
import type { Rule } from '../lint.ts';

const open: ReadonlySet<string> = new Set(
  contract
    .filter(({ access }) => ['anyone', 'stripe', 'site'].includes(access.by))
    .map(({ method, path }) => `${method} ${path}`),
);

export const authorizer: Rule = {
  name: 'authorizer',
  refuses: 'A route without an authorizer must be one that the contract opens to anyone.',
  check: ({ graph }) =>
    routesOf(graph)
      // The default route answers 404 to whatever no other takes.
      .filter(({ method, path, authorizer: by }) => !by && path !== '$default' && !open.has(`${method} ${path}`))
      .map(({ method, path }) => ({ resource: `${method} ${path}`, problem: 'nobody vouches for the caller' })),
};

export const invocation: Rule = {
  name: 'invocation',
  refuses: 'A service may invoke a function only from the resource that is meant.',
  check: ({ graph }) =>
    resourcesOfType(graph, 'aws:lambda/permission:Permission')
      .filter(({ inputs }) => {
        const source = String(inputs.sourceArn ?? '');
        return inputs.principal === '*' || source === '' || source === '*';
      })
      .map(({ name, inputs }) => ({ resource: name, problem: `${inputs.principal} from anywhere: name the source` })),
};

export const exposure: Rule = {
  name: 'exposure',
  refuses: 'A way in from the internet beside the API and the site needs a recorded reason.',
  check({ graph, reasons }) {
    const urls = resourcesOfType(graph, 'aws:lambda/functionUrl:FunctionUrl').map(({ name }) => name);
    const clusters = resourcesOfType(graph, 'aws:eks/cluster:Cluster')
      .filter(({ inputs }) => (inputs.vpcConfig as { endpointPublicAccess?: boolean }).endpointPublicAccess)
      .map(({ name }) => name);
    const groups = resourcesOfType(graph, 'aws:ec2/securityGroup:SecurityGroup')
      .filter(({ inputs }) => JSON.stringify(inputs.ingress ?? []).match(/0\.0\.0\.0\/0|::\/0/))
      .map(({ name }) => name);
    return [...urls, ...clusters, ...groups]
      .filter((name) => !reasons.exposures[name])
      .map((name) => ({ resource: name, problem: 'can be reached from the internet: close it, or record the reason' }));
  },
};

const secret = /SECRET|PASSWORD|PRIVATE_KEY|API_KEY|ACCESS_TOKEN/;

export const secretVariables: Rule = {
  name: 'secret-variables',
  refuses: 'A secret in the environment of a function needs a recorded reason.',
  check: ({ graph, reasons }) =>
    graph.functions.flatMap(({ logicalName, environment }) =>
      Object.keys(environment)
        .filter((name) => secret.test(name) && !reasons.secretVariables[name])
        .map((name) => ({ resource: logicalName, problem: `${name}: fetch it at run time, or record the reason` })),
    ),
};
