import type { AwsRequest, Engine, Operation } from '../aws/engine.ts';
import type { Iam } from '../iam/iam.ts';
import { type Principal, requirePrincipal } from '../iam/principal.ts';
import { answer } from './answer.ts';
import { type AssumeRoleInput, readAssumeRole, requirementsOf } from './assume-role.ts';
import { readQuery } from './query.ts';
import type { AssumedRole } from './session-issuer.ts';
import { unsupported } from './unsupported.ts';

/** The API of STS: `AssumeRole` and `GetCallerIdentity`. */
export function createStsEngine(options: {
  readonly iam: Iam;
  readonly assumeRole: (caller: Principal, input: AssumeRoleInput) => AssumedRole;
}): Engine {
  const { iam, assumeRole } = options;
  return {
    services: ['sts'],
    protocol: 'query',
    prepare(request) {
      const query = readQuery(request);
      switch (query.action) {
        case 'AssumeRole':
          return prepareAssumeRole(readAssumeRole(query), request);
        case 'GetCallerIdentity':
          query.allowOnly([]);
          return callerIdentity(request);
        default:
          return unsupported(query);
      }
    },
    async close() {},
  };

  function prepareAssumeRole(input: AssumeRoleInput, request: AwsRequest): Operation {
    return {
      name: 'AssumeRole',
      requires: requirementsOf(input, iam.role(input.roleArn)),
      async run(caller) {
        const { credentials, arn, userId, sourceIdentity, packedPercent } = assumeRole(requirePrincipal(caller), input);
        const result = {
          Credentials: {
            AccessKeyId: credentials.accessKeyId,
            SecretAccessKey: credentials.secretAccessKey,
            SessionToken: credentials.sessionToken,
            Expiration: credentials.expiration.toISOString(),
          },
          AssumedRoleUser: { AssumedRoleId: userId, Arn: arn },
          PackedPolicySize: packedPercent,
          ...(sourceIdentity === undefined ? {} : { SourceIdentity: sourceIdentity }),
        };
        return answer('AssumeRole', result, request.requestId);
      },
    };
  }
}

/** Needs no permission, so that anybody with credentials can prove who they are. */
function callerIdentity(request: AwsRequest): Operation {
  return {
    name: 'GetCallerIdentity',
    requires: [],
    async run(caller) {
      const { accountId, arn, userId } = requirePrincipal(caller);
      return answer('GetCallerIdentity', { Arn: arn, UserId: userId, Account: accountId }, request.requestId);
    },
  };
}
