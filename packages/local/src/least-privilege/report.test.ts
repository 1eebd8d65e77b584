import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { allow, roleArn } from '../gateway/testing/test-cloud.ts';
import { type Grant, grantKey, throughKey } from './grant.ts';
import { readUses, writeUses } from './recorded-uses.ts';
import { reportOn, type UnusedGrant } from './report.ts';
import { renderSummary, renderTable } from './table.ts';
import { grantedRole } from './testing/granted-role.ts';

const queue = 'arn:aws:sqs:us-east-1:000000000000:q';
const roles = [grantedRole('f', [allow(['sqs:SendMessage', 'sqs:ReceiveMessage'], queue)])];
const grant = (action: string): Grant => ({ role: 'fRole', action, resource: queue });
const send = grantKey(grant('sqs:SendMessage'));
const receive = grantKey(grant('sqs:ReceiveMessage'));
const uses = (...used: string[]) => ({ used, usedThrough: [], denied: [], attempts: 0 });
const explain = (...actions: string[]): UnusedGrant => ({ roles: /^fRole$/, actions, reason: 'Because.' });

describe('the report on least privilege', () => {
  it('has nothing to say where every grant is used', () => {
    expect(reportOn(roles, uses(send, receive), []).failures).toEqual([]);
  });

  it('names a grant that nothing uses, and not one that is used', () => {
    expect(reportOn(roles, uses(send), []).failures).toEqual([`Unused: fRole: sqs:ReceiveMessage on ${queue}`]);
  });

  it('takes a recorded reason, for the action and the role that it names', () => {
    const report = reportOn(roles, uses(send), [explain('sqs:ReceiveMessage')]);
    expect(report.failures).toEqual([]);
    expect(report.grants.map(({ used, reason }) => ({ used, reason }))).toEqual([
      { used: true, reason: undefined },
      { used: false, reason: 'Because.' },
    ]);
    const elsewhere = { ...explain('sqs:ReceiveMessage'), roles: /^gRole$/ };
    expect(reportOn(roles, uses(send), [elsewhere]).failures).toHaveLength(2);
    const otherQueue = { ...explain('sqs:ReceiveMessage'), resource: /:other$/ };
    expect(reportOn(roles, uses(send), [otherQueue]).failures).toHaveLength(2);
  });

  it('refuses a reason for a grant that is used, and one for what nobody is granted', () => {
    expect(reportOn(roles, uses(send, receive), [explain('sqs:ReceiveMessage')]).failures).toEqual([
      `Explained as unused, and used: fRole: sqs:ReceiveMessage on ${queue} (Because.)`,
    ]);
    expect(reportOn(roles, uses(send, receive), [explain('sqs:PurgeQueue')]).failures).toEqual([
      'Explained, and granted to nobody: sqs:PurgeQueue of /^fRole$/ (Because.)',
    ]);
  });

  it('names a use that the program does not grant any more, so that results of another program count for nothing', () => {
    const purge = grantKey(grant('sqs:PurgeQueue'));
    expect(reportOn(roles, uses(send, receive, purge), []).failures).toEqual([
      `Used, and not granted by the program as it is now: fRole sqs:PurgeQueue ${queue}`,
    ]);
  });

  it('names a denied call that no test meant, once', () => {
    const denied = {
      role: 'fRole',
      operation: 'PurgeQueue',
      actions: ['sqs:PurgeQueue'],
      errorCode: 'AccessDenied',
      denial: 'no',
    };
    const report = reportOn(roles, { ...uses(send, receive), denied: [denied, denied], attempts: 3 }, []);
    expect(report.failures).toEqual(['Denied: sqs:PurgeQueue of fRole, by PurgeQueue: AccessDenied']);
  });

  it('tells who makes use of a role that several may assume, without calling it a failure', () => {
    const assume = allow('sts:AssumeRole', roleArn('f'));
    const shared = [...roles, grantedRole('a', [assume]), grantedRole('b', [assume])];
    const assumed = ['aRole', 'bRole'].map((role) =>
      grantKey({ role, action: 'sts:AssumeRole', resource: roleArn('f') }),
    );
    const usedThrough = [throughKey('aRole', send), throughKey('bRole', send), throughKey('bRole', receive)];
    const report = reportOn(shared, { ...uses(send, receive, ...assumed), usedThrough }, []);
    expect(report.failures).toEqual([]);
    expect(report.shared.map(({ taker, grant: { action }, used }) => `${taker} ${action} ${used}`)).toEqual([
      'aRole sqs:SendMessage true',
      'aRole sqs:ReceiveMessage false',
      'bRole sqs:SendMessage true',
      'bRole sqs:ReceiveMessage true',
    ]);
    expect(renderTable(report)).toContain('    by fRole: never     sqs:ReceiveMessage q\n');
  });

  it('is shown as a table of all grants by role, and as one line of numbers with its failures', () => {
    const report = reportOn(roles, uses(send), []);
    expect(renderTable(report)).toBe('fRole\n  used      sqs:SendMessage    q\n  UNUSED    sqs:ReceiveMessage q\n');
    expect(renderSummary(report)).toBe(
      'Least privilege: 2 grants, 1 used, 0 unused with a reason, 1 unused; by assuming other roles 0, 0 used; ' +
        '0 attempts of tests denied\n' +
        `- Unused: fRole: sqs:ReceiveMessage on ${queue}`,
    );
  });
});

describe('recorded uses', () => {
  const folder = (): string => {
    const dir = mkdtempSync(join(tmpdir(), 'uses-'));
    onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
    return join(dir, 'calls');
  };

  it('of several local clouds count together', () => {
    const dir = folder();
    writeUses(dir, { ...uses(send), usedThrough: ['b'], attempts: 1 });
    writeUses(dir, { ...uses(send, receive), usedThrough: ['a', 'b'], attempts: 2 });
    expect(readUses(dir)).toEqual({ used: [receive, send], usedThrough: ['a', 'b'], denied: [], attempts: 3 });
  });

  it('that are not there are an error, since no call would then look like no use', () => {
    expect(() => readUses(folder())).toThrow('No calls were recorded');
  });
});
