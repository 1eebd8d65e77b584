import { firstErasurePlace } from '@tenantry/core/erasure/shopper-data';
import { erasureDefinition } from '@tenantry/core/erasure/state-machine';
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, arnOf, atSecond, playMachine } from './played.ts';

const definition = erasureDefinition({ erase: arnOf('erase') });
const input = { tenantId: 'ten_1', runId: 'chg_1' };
const counted = { ers_1: { entries: 1, events: 5, recommendations: 0, feedback: 0, archivedEvents: 5 } };
const slice = (total: number, counts: object = {}) => ({ done: true, place: firstErasurePlace, counts, total });

/** A run that goes through; `other` answers before that. */
const run = (other: (asked: Asked) => Answer = () => undefined) =>
  playMachine(definition, input, (asked) => {
    const said = other(asked);
    if (said) return said;
    switch (asked.what) {
      case 'erase begin':
        return { ready: true, reason: '', any: true, settled: atSecond(asked.second + 60), home: 'pool-0' };
      case 'erase count':
        return asked.state === 'Verify' ? slice(0) : slice(11, counted);
      case 'erase erase':
        return slice(11, counted);
      case 'erase retrain':
        return { ready: true, reason: '', retraining: 'mdl_1' };
      case 'erase complete':
        return { again: false };
      case 'erase fail':
        return { again: false };
      default:
        return {};
    }
  });

const inOrder = ['begin', 'count', 'saveFound', 'erase', 'count', 'retrain', 'complete'].map(
  (action) => `erase ${action}`,
);

describe('the erasure of shoppers', () => {
  it('counts before it erases and again before it says so, and hands on no shopper’s id', async () => {
    const { status, asked, calls, second } = await run();
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual(inOrder);
    for (const { payload } of calls) expect(payload).toMatchObject(input);
    expect(calls.find(({ what }) => what === 'erase saveFound')?.payload.counts).toEqual(counted);
    expect(calls.at(-1)?.payload).toMatchObject({ home: 'pool-0', retraining: 'mdl_1' });
    // What was under way has ended.
    expect(second('erase count')).toBeGreaterThanOrEqual(60);
  });

  it('with nothing to do ends at once', async () => {
    const nothing = { ready: true, reason: '', any: false, settled: atSecond(0), home: '' };
    expect(await run(({ what }) => (what === 'erase begin' ? nothing : undefined))).toMatchObject({
      status: 'SUCCEEDED',
      asked: ['erase begin'],
    });
  });

  it('waits until the company has moved, and begins again when it moves meanwhile or more was asked for', async () => {
    const moving = { ready: false, reason: 'moving', any: false, settled: atSecond(0), home: '' };
    const { status, asked } = await run(({ what, before }) => {
      if (what === 'erase begin' && before < 3) return moving;
      return what === 'erase complete' && before === 0 ? { again: true } : undefined;
    });
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual([...Array(3).fill('erase begin'), ...inOrder, ...inOrder]);
  });

  it('erases again what came in meanwhile, three times, and then gives up with the reason', async () => {
    const twice = await run(({ what, state, before }) =>
      what === 'erase count' && state === 'Verify' && before < 2 ? slice(1) : undefined,
    );
    expect(twice.status).toBe('SUCCEEDED');
    expect(twice.asked.filter((what) => what === 'erase erase')).toHaveLength(3);
    const always = await run(({ state }) => (state === 'Verify' ? slice(1) : undefined));
    expect(always.status).toBe('FAILED');
    expect(always.asked).not.toContain('erase complete');
    expect(always.calls.at(-1)).toMatchObject({ what: 'erase fail', payload: { failure: { Error: 'DataRemains' } } });
  });

  it('waits for a model that is being trained', async () => {
    const { asked, status } = await run(({ what, before }) =>
      what === 'erase retrain' && before < 4 ? { ready: false, reason: 'training', retraining: null } : undefined,
    );
    expect(status).toBe('SUCCEEDED');
    expect(asked.filter((what) => what === 'erase retrain')).toHaveLength(5);
  });

  it.each([...new Set(inOrder)])(
    'puts the reason on record when %s fails, and goes on with what else waits',
    async (failing) => {
      let failed = false;
      const { calls, asked, status } = await run(({ what }) => {
        if (what === 'erase fail') return { again: true };
        if (what !== failing || failed) return undefined;
        failed = true;
        return new Error('No luck');
      });
      expect(status).toBe('SUCCEEDED');
      const fail = asked.indexOf('erase fail');
      expect(calls[fail]?.payload.failure).toMatchObject({ Cause: 'No luck' });
      expect(asked.slice(fail + 1)).toEqual(inOrder);
    },
  );
});
