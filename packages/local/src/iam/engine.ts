import { AwsError, type AwsRequest, type Engine, LOCAL_ACCOUNT_ID } from '../aws/engine.ts';

/** What a call of IAM is about, by the parameter that names it. */
const kinds: Readonly<Record<string, string>> = {
  RoleName: 'role',
  UserName: 'user',
  GroupName: 'group',
  PolicyName: 'policy',
  InstanceProfileName: 'instance-profile',
};

function resourceOf(parameters: URLSearchParams): string {
  const arn = parameters.get('PolicyArn') ?? parameters.get('PolicySourceArn');
  // `PutRolePolicy` names a role and a policy inside it: the role is what it is about.
  const named = Object.entries(kinds).find(([parameter]) => parameters.has(parameter));
  if (named) return `arn:aws:iam::${LOCAL_ACCOUNT_ID}:${named[1]}/${parameters.get(named[0])}`;
  return arn ?? '*';
}

/**
 * The API of IAM, which does nothing: roles are the program's, and change with it. Whoever may not make a call is told so, as on AWS, and
 * whoever may is told that it cannot be done here.
 */
export function createIamEngine(): Engine {
  return {
    services: ['iam'],
    protocol: 'query',
    prepare(request: AwsRequest) {
      const source = request.method === 'GET' ? request.query : new URLSearchParams(request.body.toString('utf8'));
      const action = source.get('Action') ?? '';
      if (!/^[A-Z][A-Za-z]{2,63}$/.test(action))
        throw new AwsError('InvalidAction', 'The request has no action of IAM.');
      return {
        name: action,
        requires: [{ action: `iam:${action}`, resource: resourceOf(source) }],
        run: () =>
          Promise.reject(new AwsError('InvalidAction', `${action} is not done here: roles are those of the program.`)),
      };
    },
    async close() {},
  };
}
