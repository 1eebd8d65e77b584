import { onboardingDefinition, onboardingTasks } from '@tenantry/core/provisioning/onboarding';
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, arnsOf, atSecond, playMachine } from './played.ts';

const definition = onboardingDefinition(arnsOf(onboardingTasks));
const input = { tenantId: 'ten_1', run: 1 };

/** The onboarding of a silo that goes through; `other` answers before that. What is to be taken back depends on `undo`. */
const run = (
  other: (asked: Asked) => Answer = () => undefined,
  undo: readonly string[] = ['probe', 'silo', 'storage'],
) =>
  playMachine(definition, input, (asked) => {
    const said = other(asked);
    if (said) return said;
    switch (asked.what) {
      case 'begin':
        return { ready: true, isolation: 'silo', way: 'on' };
      case 'finish undo':
        return { steps: undo, settled: atSecond(asked.second + 60), cause: asked.payload.failure };
      case 'silo apply':
        return { ready: false, reason: 'The cluster starts the recommender' };
      default:
        return { ready: true };
    }
  });
/** A failure that nothing retries. */
const fatal = (message: string): Error => new TypeError(message);
const failing =
  (...whats: readonly string[]) =>
  ({ what, payload }: Asked): Answer =>
    whats.includes(`${what}${payload.part ? ` ${payload.part}` : ''}`) ? fatal(`${what} failed`) : undefined;
const part = ({ what, payload }: Asked): string => (payload.part ? `${what} ${payload.part}` : what);
const undoing = ['finish undo', 'probe undo', 'removal cluster', 'removal table', 'finish fail'];

const forward = ['begin', 'capacity', 'storage', 'silo apply', 'silo status', 'probe', 'finish activate'];

describe('the onboarding', () => {
  it('builds a silo step by step, and a place in the pool at once', async () => {
    expect(await run()).toMatchObject({ status: 'SUCCEEDED', asked: forward });
    const pooled = await run(({ what }) =>
      what === 'begin' ? { ready: true, isolation: 'pool', way: 'on' } : undefined,
    );
    expect(pooled).toMatchObject({ status: 'SUCCEEDED', asked: ['begin', 'pool', 'finish activate'] });
  });

  it('waits with its beginning until what the last run had made is taken back', async () => {
    const { status, asked } = await run(({ what, before }) =>
      what === 'begin' && before < 3 ? { ready: false, reason: 'wait', isolation: '', way: '' } : undefined,
    );
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual([...Array(3).fill('begin'), ...forward]);
  });

  it.each(forward)('takes back what was made, the last first, when %s fails for good', async (what) => {
    const { status, calls } = await run(failing(what));
    expect(status).toBe('FAILED');
    expect(calls.map(part)).toEqual([...forward.slice(0, forward.indexOf(what) + 1), ...undoing]);
    const { failure, ...recorded } = calls.at(-1)?.payload ?? {};
    expect(failure).toMatchObject({ Error: 'TypeError', Cause: `${what} failed` });
    expect(recorded).toMatchObject({
      undone: { probe: { outcome: 'done' }, silo: { outcome: 'done' }, storage: { outcome: 'done' } },
    });
  });

  it.each([
    ['storage', 'the table is being created'],
    ['silo status', 'pods are starting'],
    ['probe', 'the silo does not answer yet'],
  ])('takes back what was made when %s never becomes ready, and says what it waited for', async (what, reason) => {
    const { calls, seconds } = await run((asked) => (asked.what === what ? { ready: false, reason } : undefined));
    expect(calls.filter((call) => call.what === what)).toHaveLength(60);
    expect(calls.map(part).slice(-undoing.length)).toEqual(undoing);
    expect(calls.at(-1)?.payload.failure).toMatchObject({ Cause: reason });
    expect(seconds).toBeLessThan(20 * 60);
  });

  it('takes nothing back before all that was under way has ended', async () => {
    const { second } = await run(failing('probe'));
    expect(second('finish undo')).toBe(0);
    for (const what of ['probe undo', 'removal', 'finish fail']) expect(second(what), what).toBe(60);
  });

  it('of which nothing was made fails at once', async () => {
    const { calls, seconds } = await run(failing('capacity'), []);
    expect(calls.map(part)).toEqual(['begin', 'capacity', 'finish undo', 'finish fail']);
    expect(seconds).toBe(0);
    expect(calls.at(-1)?.payload.undone).toEqual({ probe: null, silo: null, storage: null });
  });

  it('takes back those steps alone that made anything', async () => {
    const { calls } = await run(failing('storage'), ['storage']);
    expect(calls.map(part).slice(-3)).toEqual(['finish undo', 'removal table', 'finish fail']);
  });

  it('names the execution to whoever begins, takes back, or ends', async () => {
    const { calls } = await run(failing('finish activate'));
    const names = calls.flatMap(({ payload }) => payload.execution ?? payload.changeId ?? []);
    expect(new Set(names).size).toBe(1);
    // At the beginning, and on each step of the way back.
    expect(names).toHaveLength(1 + undoing.length);
  });
});

describe('what cannot be taken back', () => {
  it.each([
    ['probe undo', 'probe'],
    ['removal cluster', 'silo'],
    ['removal table', 'storage'],
  ])('by %s keeps nothing else from it, and is told with its reason', async (what, step) => {
    const { status, calls } = await run(failing('finish activate', what));
    expect(status).toBe('FAILED');
    expect(calls.map(part).slice(-undoing.length)).toEqual(undoing);
    const done = { outcome: 'done' };
    expect(calls.at(-1)?.payload).toMatchObject({
      failure: { Cause: 'finish activate failed' },
      undone: {
        probe: done,
        silo: done,
        storage: done,
        [step]: {
          outcome: 'failed',
          failure: { Error: 'TypeError', Cause: `${what.split(' ')[0]}${step === 'probe' ? ' undo' : ''} failed` },
        },
      },
    });
  });

  it.each([
    ['was asked for as often as it may be', 60],
    ['failed for good after a while', 40],
  ])('in time is asked for again and again, also after a step that %s, and then is told as left', async (_, waits) => {
    const { calls } = await run((asked) => {
      if (asked.what === 'silo status') {
        return asked.before < waits ? { ready: false, reason: 'pods are starting' } : fatal('pods are starting');
      }
      return part(asked) === 'removal cluster' ? { ready: false, reason: 'the namespace is going' } : undefined;
    });
    expect(calls.filter((call) => part(call) === 'removal cluster')).toHaveLength(60);
    expect(calls.at(-1)?.payload).toMatchObject({
      failure: { Cause: 'pods are starting' },
      undone: { silo: { outcome: 'failed', reason: 'the namespace is going' }, storage: { outcome: 'done' } },
    });
  });

  it('since it holds data is told as kept', async () => {
    const { calls } = await run((asked) =>
      part(asked) === 'removal table'
        ? { ready: true, kept: true, reason: 'It holds events' }
        : failing('finish activate')(asked),
    );
    expect(calls.at(-1)?.payload.undone).toMatchObject({ storage: { outcome: 'kept', reason: 'It holds events' } });
  });

  it('since that cannot even begin is left to others, with both reasons', async () => {
    const { status, calls } = await run(failing('probe', 'finish undo'));
    expect(status).toBe('FAILED');
    expect(calls.map(part).slice(-3)).toEqual(['probe', 'finish undo', 'finish fail']);
    expect(calls.at(-1)?.payload).toMatchObject({
      failure: { Cause: 'probe failed' },
      undoFailure: { Cause: 'finish undo failed' },
      undone: { probe: null, silo: null, storage: null },
    });
  });

  it('in one go: a run that has failed before only takes back, with the reason that it had', async () => {
    const { status, calls } = await run(({ what }) =>
      what === 'begin' ? { ready: true, isolation: 'silo', way: 'back', reason: 'The quota is used up' } : undefined,
    );
    expect(status).toBe('FAILED');
    expect(calls.map(part)).toEqual(['begin', ...undoing]);
    expect(calls.at(-1)?.payload.failure).toMatchObject({ Cause: 'The quota is used up' });
  });
});
