import { resourcesOfType } from '../../program/graph.ts';
import type { Rule } from '../lint.ts';

const authority = /tenant|role|tier|status|permission|admin|operator|owner/i;

const namesOf = (value: unknown): readonly string[] => (Array.isArray(value) ? value.map(String) : []);

export const userAttributes: Rule = {
  name: 'user-attributes',
  refuses: 'What users may write on their own profile must carry no authority.',
  check({ graph }) {
    const schemas = resourcesOfType(graph, 'aws:cognito/userPool:UserPool').flatMap(({ name, inputs }) =>
      ((inputs.schemas ?? []) as { name: string }[])
        .filter((schema) => authority.test(schema.name))
        .map((schema) => ({ resource: name, problem: `the attribute ${schema.name}: keep it in the control table` })),
    );
    const clients = resourcesOfType(graph, 'aws:cognito/userPoolClient:UserPoolClient').flatMap(({ name, inputs }) => {
      if (!Array.isArray(inputs.writeAttributes)) {
        return [{ resource: name, problem: 'every attribute can be written: name those that users may write' }];
      }
      return namesOf(inputs.writeAttributes)
        .filter((attribute) => attribute.startsWith('custom:') || authority.test(attribute))
        .map((attribute) => ({ resource: name, problem: `users may write ${attribute}: take it out` }));
    });
    return [...schemas, ...clients];
  },
};

export const tokens: Rule = {
  name: 'tokens',
  refuses: 'Claims must come from a V2 trigger, and a client without a secret must use the code flow alone.',
  check({ graph }) {
    const pools = resourcesOfType(graph, 'aws:cognito/userPool:UserPool')
      .filter(({ inputs }) => {
        const config = inputs.lambdaConfig as { preTokenGenerationConfig?: { lambdaVersion?: string } } | undefined;
        return config?.preTokenGenerationConfig?.lambdaVersion !== 'V2_0';
      })
      .map(({ name }) => ({ resource: name, problem: 'access tokens get no claims of ours: add the V2 trigger' }));
    const clients = resourcesOfType(graph, 'aws:cognito/userPoolClient:UserPoolClient')
      .filter(({ inputs }) => !inputs.generateSecret)
      .flatMap(({ name, inputs }) => [
        ...(namesOf(inputs.allowedOauthFlows).join() === 'code'
          ? []
          : [{ resource: name, problem: 'tokens in addresses: allow the flow `code` alone' }]),
        ...(namesOf(inputs.explicitAuthFlows).some((flow) => /PASSWORD/.test(flow))
          ? [{ resource: name, problem: 'passwords in requests: use the hosted login or SRP' }]
          : []),
        ...(inputs.enableTokenRevocation === true ? [] : [{ resource: name, problem: 'let tokens be revoked' }]),
      ]);
    return [...pools, ...clients];
  },
};
