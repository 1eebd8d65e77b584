import { expect, it } from 'vitest';
import type { AwsRequest } from '../aws/engine.ts';
import { createIamEngine } from './engine.ts';

const engine = createIamEngine();
const call = (body: string) =>
  ({ method: 'POST', query: new URLSearchParams(), headers: {}, body: Buffer.from(body) }) as unknown as AwsRequest;
const account = 'arn:aws:iam::000000000000';

it.each([
  ['Action=CreateAccessKey', 'iam:CreateAccessKey', '*'],
  ['Action=PutRolePolicy&RoleName=r&PolicyName=p', 'iam:PutRolePolicy', `${account}:role/r`],
  ['Action=AttachRolePolicy&RoleName=r&PolicyArn=arn:x', 'iam:AttachRolePolicy', `${account}:role/r`],
  ['Action=CreateUser&UserName=u', 'iam:CreateUser', `${account}:user/u`],
  ['Action=GetPolicy&PolicyArn=arn:aws:iam::aws:policy/X', 'iam:GetPolicy', 'arn:aws:iam::aws:policy/X'],
])('%s asks for %s on %s, and is not done even so', async (body, action, resource) => {
  const operation = await engine.prepare(call(body));
  expect(operation.requires).toEqual([{ action, resource }]);
  await expect(operation.run({ accountId: '', arn: '', tags: {} })).rejects.toMatchObject({ code: 'InvalidAction' });
});

it('refuses what is no action', () => {
  for (const body of ['', 'Action=', 'Action=*', 'Action=iam:CreateUser']) {
    expect(() => engine.prepare(call(body))).toThrow('no action of IAM');
  }
});
