import * as z from 'zod';
import { attributeList } from '../attributes.ts';
import { resourceNotFound } from '../errors.ts';
import type { GroupSpec } from '../pool-spec.ts';
import type { UserPool } from '../user-pool.ts';
import { type User, userNameOf } from '../user-store.ts';
import { adminOperation, type CognitoOperation } from './definition.ts';
import { pageToken, parsePageToken, parseUserFilter } from './list-users.ts';

const PAGE_SIZE_MAX = 60;
const pageSize = z.int().min(0).max(PAGE_SIZE_MAX).optional();

/** A group as the API gives it. */
export function groupBody(pool: UserPool, group: GroupSpec): object {
  return {
    GroupName: group.name,
    UserPoolId: pool.spec.id,
    Description: group.description,
    Precedence: group.precedence,
  };
}

/** A user as lists and creation give them; times in seconds. */
/** @param only the attributes to show; absent, all */
export function userBody(user: User, only?: readonly string[]): object {
  const attributes = attributeList(user.sub, user.attributes);
  return {
    Username: userNameOf(user),
    Attributes: only ? attributes.filter(({ Name }) => only.includes(Name)) : attributes,
    UserCreateDate: user.createdAt / 1000,
    UserLastModifiedDate: user.updatedAt / 1000,
    Enabled: user.enabled,
    UserStatus: user.status,
  };
}

function policyBody({ spec }: UserPool): object {
  const { passwordPolicy: policy } = spec;
  return {
    PasswordPolicy: {
      MinimumLength: policy.minimumLength,
      RequireLowercase: policy.requireLowercase,
      RequireUppercase: policy.requireUppercase,
      RequireNumbers: policy.requireNumbers,
      RequireSymbols: policy.requireSymbols,
      TemporaryPasswordValidityDays: policy.temporaryPasswordValidityDays ?? 7,
    },
  };
}

function pageOfUsers(
  pool: UserPool,
  limit: number,
  token: string | undefined,
  matches: (user: User) => boolean,
): User[] {
  return pool.users.list({ limit: limit + 1, after: parsePageToken(token), matches });
}

/** What pools, clients, groups and users there are. */
export const DESCRIBE_OPERATIONS = {
  DescribeUserPool: adminOperation({}, async (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    const { spec } = pool;
    const trigger = spec.preTokenTriggerArn;
    return {
      UserPool: {
        Id: spec.id,
        Name: spec.name,
        Arn: spec.arn,
        Domain: spec.domainPrefix,
        Policies: policyBody(pool),
        MfaConfiguration: spec.mfa,
        UsernameAttributes: ['email'],
        AutoVerifiedAttributes: ['email'],
        AdminCreateUserConfig: { AllowAdminCreateUserOnly: spec.adminCreateUserOnly ?? false },
        EstimatedNumberOfUsers: pool.users.count(),
        LambdaConfig:
          trigger === undefined
            ? {}
            : { PreTokenGenerationConfig: { LambdaArn: trigger, LambdaVersion: spec.preTokenVersion } },
      },
    };
  }),
  ListGroups: adminOperation({ Limit: pageSize }, async (pools, input) => {
    const pool = pools.byId(input.UserPoolId);
    return { Groups: pool.spec.groups.map((group) => groupBody(pool, group)) };
  }),
  ListUsers: adminOperation(
    {
      Limit: pageSize,
      PaginationToken: z.string().max(1024).optional(),
      Filter: z.string().max(256).optional(),
      AttributesToGet: z.array(z.string().min(1).max(32)).optional(),
    },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      const limit = input.Limit === undefined || input.Limit === 0 ? PAGE_SIZE_MAX : input.Limit;
      const found = pageOfUsers(pool, limit, input.PaginationToken, parseUserFilter(input.Filter));
      const users = found.slice(0, limit);
      const last = found.length > limit ? users.at(-1) : undefined;
      const shown = users.map((user) => userBody(user, input.AttributesToGet));
      return { Users: shown, ...(last === undefined ? {} : { PaginationToken: pageToken(last.sub) }) };
    },
  ),
  ListUsersInGroup: adminOperation(
    { GroupName: z.string().min(1).max(128), Limit: pageSize, NextToken: z.string().max(1024).optional() },
    async (pools, input) => {
      const pool = pools.byId(input.UserPoolId);
      if (!pool.spec.groups.some(({ name }) => name === input.GroupName)) throw resourceNotFound('Group not found.');
      const limit = input.Limit === undefined || input.Limit === 0 ? PAGE_SIZE_MAX : input.Limit;
      const isMember = (user: User) => pool.users.groupNames(user.sub).includes(input.GroupName);
      const found = pageOfUsers(pool, limit, input.NextToken, isMember);
      const users = found.slice(0, limit);
      const last = found.length > limit ? users.at(-1) : undefined;
      return {
        Users: users.map((user) => userBody(user)),
        ...(last === undefined ? {} : { NextToken: pageToken(last.sub) }),
      };
    },
  ),
} as const satisfies Record<string, CognitoOperation>;
