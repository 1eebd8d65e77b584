import { firstMovePlace, noMove } from '@tenantry/core/tier-change/events-move';
import type { Way } from '@tenantry/core/tier-change/migration';
import type { MigrationPhase } from '@tenantry/core/tier-change/phases';
import { tierChangeDefinition, tierChangeTasks } from '@tenantry/core/tier-change/state-machine';
import { describe, expect, it } from 'vitest';
import { type Answer, type Asked, arnsOf, atSecond, playMachine } from './played.ts';

const definition = tierChangeDefinition(arnsOf(tierChangeTasks));
const input = { tenantId: 'ten_1', changeId: 'chg_1' };
const SETTLES = 60;
const GRACE = 3_600;
const compared = { shoppers: 2, events: 7, checksum: '00000000000000ff' };

interface Start {
  readonly way: Way;
  readonly phase?: MigrationPhase;
}

/** What the company has in the end of a change that is done, or undone. */
const erased = ({ way }: Start, undone: boolean): string => {
  if (way === 'resize') return 'none';
  return (way === 'toSilo') === undone ? 'silo' : 'pool';
};

/** A change that goes through; `other` answers before that. */
const run = (start: Start, other: (asked: Asked) => Answer = () => undefined) =>
  playMachine(definition, input, (asked) => {
    const said = other(asked);
    if (said) return said;
    const settled = atSecond(asked.second + SETTLES);
    switch (asked.what) {
      case 'tier-change begin':
        return { current: true, number: 3, phase: start.phase ?? 'preparing', way: start.way };
      case 'tier-change mirror':
        return { done: true, current: true, settled };
      case 'tier-change switch':
        return { done: true, current: true, graceUntil: atSecond(asked.second + GRACE) };
      case 'tier-change stopMirror':
        return { done: false, current: true, settled, erase: erased(start, false) };
      case 'tier-change undo':
        return { current: true, settled, erase: erased(start, true) };
      case 'tier-change-data copy':
      case 'tier-change-data erase':
        return { done: true, place: firstMovePlace, tally: noMove };
      case 'tier-change-data verify':
        return { done: true, place: firstMovePlace, tally: compared };
      case 'onboarding-storage':
      case 'onboarding-silo status':
      case 'onboarding-probe':
      case 'deletion-silo':
        return { ready: true };
      default:
        return {};
    }
  });

const build = [
  'onboarding-capacity',
  'onboarding-storage',
  'onboarding-silo apply',
  'onboarding-silo status',
  'onboarding-probe',
];
const move = [
  'tier-change mirror',
  'tier-change-data copy',
  'tier-change-data verify',
  'tier-change-billing charge',
  'tier-change switch',
];
const clean = ['tier-change stopMirror'];
const end = ['tier-change end'];
const undo = ['tier-change undo', 'tier-change-billing restore'];
const forward = {
  toSilo: ['tier-change begin', ...build, ...move, ...clean, 'tier-change-data erase', ...end],
  toPool: ['tier-change begin', ...move, ...clean, 'deletion-silo', ...end],
  resize: [
    'tier-change begin',
    ...build.filter((what) => what !== 'onboarding-storage'),
    'tier-change-billing charge',
    'tier-change switch',
    ...end,
  ],
} as const satisfies Record<Way, readonly string[]>;
const ways = Object.keys(forward) as Way[];

describe('a change of tier', () => {
  it.each(ways)('%s: builds, moves, compares, charges, switches and clears, in that order', async (way) => {
    const { status, asked, calls } = await run({ way });
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual(forward[way]);
    for (const { payload } of calls.slice(1))
      expect(payload).toMatchObject({ ...input, run: 3, journey: 'tier-change' });
  });

  it.each(['toSilo', 'toPool'] as const)(
    '%s: waits until all write twice, through the grace, and until nobody does',
    async (way) => {
      const { second } = await run({ way });
      const cleared = way === 'toSilo' ? 'tier-change-data erase' : 'deletion-silo';
      expect(second('tier-change-data copy') - second('tier-change mirror')).toBe(SETTLES);
      expect(second('tier-change stopMirror') - second('tier-change switch')).toBe(GRACE);
      expect(second(cleared) - second('tier-change stopMirror')).toBe(SETTLES);
    },
  );

  it('says with the switch what was compared', async () => {
    const { calls } = await run({ way: 'toSilo' });
    expect(calls.find(({ what }) => what === 'tier-change switch')?.payload.tally).toEqual(compared);
  });

  it('copies and compares slice by slice, and begins each pass at the first shopper, with nothing counted', async () => {
    const place = { bucket: 7, after: 'shopper' };
    const { calls, status } = await run({ way: 'toSilo' }, ({ what, before }) =>
      what.startsWith('tier-change-data') && before === 0 ? { done: false, place, tally: compared } : undefined,
    );
    expect(status).toBe('SUCCEEDED');
    for (const state of ['Copy', 'Verify', 'EraseEvents']) {
      const [first, next] = calls.filter((call) => call.state === state).map(({ payload }) => payload);
      expect(first).toMatchObject({ place: firstMovePlace, tally: noMove });
      expect(next).toMatchObject({ place, tally: compared });
    }
  });

  it('that a newer request has replaced does nothing more, wherever it finds out', async () => {
    const no = {
      current: false,
      number: 1,
      phase: '',
      way: '',
      settled: atSecond(0),
      graceUntil: atSecond(0),
      erase: 'none',
    };
    for (const found of ['begin', 'mirror', 'switch', 'stopMirror']) {
      const last = `tier-change ${found}`;
      const { status, asked } = await run({ way: 'toSilo' }, ({ what }) => (what === last ? no : undefined));
      expect(status).toBe('SUCCEEDED');
      expect(asked).toEqual(forward.toSilo.slice(0, forward.toSilo.indexOf(last) + 1));
    }
    const undoing = await run({ way: 'toSilo', phase: 'undoing' }, ({ what }) =>
      what === 'tier-change undo' ? no : undefined,
    );
    expect(undoing.asked).toEqual(['tier-change begin', 'tier-change undo']);
  });

  it.each([
    ['toSilo', 'switched', ['tier-change switch', ...clean, 'tier-change-data erase', ...end]],
    ['toPool', 'switched', ['tier-change switch', ...clean, 'deletion-silo', ...end]],
    ['resize', 'switched', end],
    ['toSilo', 'cleaning', [...clean, 'tier-change-data erase', ...end]],
    ['toSilo', 'mirroring', forward.toSilo.slice(1)],
    ['toSilo', 'undoing', [...undo, 'deletion-silo', ...end]],
    ['toPool', 'undoing', [...undo, 'tier-change-data erase', ...end]],
    ['resize', 'undoing', [...undo, 'onboarding-silo apply', 'onboarding-silo status', ...end]],
  ] as const)('%s that is resumed while %s goes on from there', async (way, phase, rest) => {
    const { status, asked } = await run({ way, phase });
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual(['tier-change begin', ...rest]);
  });
});

describe('a failure in a change of tier', () => {
  const quota = new Error('The quota is used up');
  const undone = {
    toSilo: [...undo, 'deletion-silo', ...end],
    toPool: [...undo, 'tier-change-data erase', ...end],
    resize: [...undo, 'onboarding-silo apply', 'onboarding-silo status', ...end],
  } as const;
  const beforeSwitch = ways.flatMap((way) => {
    const steps: readonly string[] = forward[way];
    return steps.slice(1, steps.indexOf('tier-change switch') + 1).map((step) => [way, step] as const);
  });

  it.each(beforeSwitch)('%s, before the switch, in %s: it is all taken back, the price too', async (way, failing) => {
    const steps: readonly string[] = forward[way];
    let failed = false;
    const { status, asked, calls, second } = await run({ way }, ({ what }) => {
      if (failed || what !== failing) return undefined;
      failed = true;
      return quota;
    });
    expect(status).toBe('SUCCEEDED');
    expect(asked).toEqual([...steps.slice(0, steps.indexOf(failing) + 1), ...undone[way]]);
    const asksUndo = calls.find(({ what }) => what === 'tier-change undo');
    expect(asksUndo?.payload.failure).toMatchObject({ Cause: 'The quota is used up' });
    // Nothing is erased while somebody may still write to it; a silo that only changes its size is applied at once.
    const erases = undone[way].find((step) => step === 'deletion-silo' || step === 'tier-change-data erase');
    if (erases) expect(second(erases) - second('tier-change undo')).toBe(SETTLES);
  });

  it.each(['toSilo', 'toPool'] as const)(
    '%s, after the switch: it comes to a halt, and nothing is taken back',
    async (way) => {
      const steps: readonly string[] = forward[way];
      for (const failing of steps.slice(steps.indexOf('tier-change stopMirror'))) {
        const { status, asked } = await run({ way }, ({ what }) => (what === failing ? quota : undefined));
        expect(status).toBe('FAILED');
        expect(asked).toEqual([...steps.slice(0, steps.indexOf(failing) + 1), 'tier-change fail']);
      }
    },
  );

  it('while it is undone: it comes to a halt, with the reason', async () => {
    const steps = [...undo, 'deletion-silo', ...end];
    for (const failing of steps) {
      const { status, asked, calls } = await run({ way: 'toSilo', phase: 'undoing' }, ({ what }) =>
        what === failing ? quota : undefined,
      );
      expect(status).toBe('FAILED');
      expect(asked).toEqual(['tier-change begin', ...steps.slice(0, steps.indexOf(failing) + 1), 'tier-change fail']);
      expect(calls.at(-1)?.payload.failure).toMatchObject({ Cause: 'The quota is used up' });
    }
  });

  it.each(['onboarding-storage', 'onboarding-silo status', 'onboarding-probe'])(
    'that %s never comes to an end is undone as well, with what it waited for',
    async (stuck) => {
      const { status, calls } = await run({ way: 'toSilo' }, ({ what, before }) => {
        if (what === stuck) return { ready: false, reason: 'The load balancer is being created' };
        // What is taken back takes its time, too, whatever time was spent before.
        return what === 'deletion-silo' && before < 3 ? { ready: false, reason: 'Pods are ending' } : undefined;
      });
      expect(status).toBe('SUCCEEDED');
      const asksUndo = calls.find(({ what }) => what === 'tier-change undo');
      expect(asksUndo?.payload.failure).toMatchObject({ Cause: 'The load balancer is being created' });
      expect(calls.map(({ what }) => what)).not.toContain('tier-change switch');
    },
  );

  it('at the last of many asks leaves what is taken back a wait of its own', async () => {
    const { status, asked } = await run({ way: 'toSilo' }, ({ what, before }) => {
      if (what === 'onboarding-probe') return before < 58 ? { ready: false } : quota;
      return what === 'deletion-silo' && before < 3 ? { ready: false, reason: 'Pods are ending' } : undefined;
    });
    expect(status).toBe('SUCCEEDED');
    expect(asked.slice(-5)).toEqual([...Array(4).fill('deletion-silo'), 'tier-change end']);
  });
});
