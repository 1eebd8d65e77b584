import { noData } from '@tenantry/core/deletion/data-counts';
import { deletionDefinition, deletionTasks } from '@tenantry/core/deletion/state-machine';
import { firstPlace } from '@tenantry/core/deletion/tenant-data';
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, arnsOf, atSecond, playMachine } from './played.ts';

const definition = deletionDefinition(arnsOf(deletionTasks));
const input = { tenantId: 'ten_1', changeId: 'chg_1' };
const HOUR = 3_600;
const counted = { ...noData, events: 7, shoppers: 2 };

/** A company of the pool whose deletion goes through; `other` answers before that. */
const run = (other: (asked: Asked) => Answer = () => undefined) =>
  playMachine(definition, input, (asked) => {
    const said = other(asked);
    if (said) return said;
    switch (asked.what) {
      case 'deletion begin':
        return { current: true, until: atSecond(72 * HOUR), silo: false };
      case 'deletion makeFinal':
        return { current: true, settled: atSecond(asked.second + 60) };
      case 'deletion-data count':
        return { done: true, place: firstPlace, counts: asked.state === 'Verify' ? noData : counted };
      case 'deletion-data erase':
        return { done: true, place: firstPlace, counts: counted };
      case 'deletion-members count':
        return { members: 3, logins: 2 };
      case 'suspension-silo':
      case 'deletion-silo':
        return { ready: true };
      default:
        return {};
    }
  });

const inOrder = [
  'deletion begin',
  'deletion-billing letExpire',
  'deletion makeFinal',
  'deletion-data count',
  'deletion-members count',
  'deletion saveFound',
  'deletion-billing end',
  'deletion-silo',
  'deletion-members release',
  'deletion-data erase',
  'deletion-data count',
  'deletion complete',
];

describe('the deletion', () => {
  it('counts before it erases, erases everything, and counts again before it says so', async () => {
    const { status, asked, calls } = await run();
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual(inOrder);
    for (const { payload } of calls) expect(payload).toMatchObject(input);
    const saved = calls.find(({ what }) => what === 'deletion saveFound');
    expect(saved?.payload.found).toEqual({ ...counted, members: 3, logins: 2 });
  });

  it('erases nothing before the time for undoing is over, nor before what was under way has ended', async () => {
    const { second } = await run();
    expect(second('deletion-billing letExpire')).toBe(0);
    expect(second('deletion makeFinal')).toBe(72 * HOUR);
    for (const what of inOrder.slice(3)) expect(second(what), what).toBeGreaterThanOrEqual(72 * HOUR + 60);
  });

  it('stops the silo of a company that has one before the time for undoing begins, however long that takes', async () => {
    const { status, asked, second } = await run(({ what, before }) => {
      if (what === 'deletion begin') return { current: true, until: atSecond(72 * HOUR), silo: true };
      return what === 'suspension-silo' && before < 3 ? { ready: false, reason: 'Pods are ending' } : undefined;
    });
    expect(status).toBe('SUCCEEDED');
    expect(asked.filter((what) => what !== 'suspension-silo')).toEqual(inOrder);
    expect(asked.slice(2, 6)).toEqual(Array(4).fill('suspension-silo'));
    expect(second('deletion makeFinal')).toBe(72 * HOUR);
  });

  it('that was replaced or undone does nothing, at its begin or after the wait', async () => {
    const no = { current: false, until: atSecond(0), settled: atSecond(0), silo: true };
    const atBegin = await run(({ what }) => (what === 'deletion begin' ? no : undefined));
    expect(atBegin).toMatchObject({ status: 'SUCCEEDED', asked: ['deletion begin'] });
    const afterWait = await run(({ what }) => (what === 'deletion makeFinal' ? no : undefined));
    expect(afterWait).toMatchObject({ status: 'SUCCEEDED', asked: inOrder.slice(0, 3) });
  });

  it('works through the data slice by slice, hands on where it stood, and begins each pass at the first place', async () => {
    const place = { section: 2, after: 'somewhere' };
    const part = { ...noData, events: 3 };
    const { calls, status } = await run(({ what, state, before }) =>
      what.startsWith('deletion-data') && before === 0
        ? { done: false, place, counts: state === 'Verify' ? noData : part }
        : undefined,
    );
    expect(status).toBe('SUCCEEDED');
    for (const state of ['CountData', 'EraseData', 'Verify']) {
      const [first, next] = calls.filter((call) => call.state === state).map(({ payload }) => payload);
      expect(first).toMatchObject({ place: firstPlace, counts: noData });
      expect(next).toMatchObject({ place, counts: state === 'Verify' ? noData : part });
    }
  });

  it.each(Object.keys(noData))('issues no certificate while a second count finds any %s', async (kind) => {
    const { status, calls, asked } = await run(({ state }) =>
      state === 'Verify' ? { done: true, place: firstPlace, counts: { ...noData, [kind]: 1 } } : undefined,
    );
    expect(status).toBe('FAILED');
    expect(asked).not.toContain('deletion complete');
    expect(calls.at(-1)).toMatchObject({ what: 'deletion fail', payload: { failure: { Error: 'DataRemains' } } });
  });

  it('waits until the silo is gone before it goes on, and gives up with the reason when that takes too long', async () => {
    const slow = await run(({ what, before }) =>
      what === 'deletion-silo' && before < 5 ? { ready: false, reason: 'The table is being deleted' } : undefined,
    );
    expect(slow.asked.filter((what) => what !== 'deletion-silo')).toEqual(
      inOrder.filter((what) => what !== 'deletion-silo'),
    );
    const stuck = await run(({ what }) =>
      what === 'deletion-silo' ? { ready: false, reason: 'The table is being deleted' } : undefined,
    );
    expect(stuck.status).toBe('FAILED');
    expect(stuck.asked).not.toContain('deletion-members release');
    expect(stuck.calls.at(-1)?.payload.failure).toEqual({
      Error: 'EraseSiloTimedOut',
      Cause: 'The table is being deleted',
    });
  });

  it.each([...new Set(inOrder)])(
    'ends with the reason on record when %s fails, and goes no further',
    async (failing) => {
      const { status, calls, asked } = await run(({ what }) =>
        what === failing ? new Error('The quota is used up') : undefined,
      );
      expect(status).toBe('FAILED');
      expect(asked.at(-1)).toBe('deletion fail');
      expect(calls.at(-1)?.payload.failure).toMatchObject({ Cause: 'The quota is used up' });
      expect(asked.slice(0, -1)).toEqual(inOrder.slice(0, inOrder.indexOf(failing) + 1));
    },
  );
});
