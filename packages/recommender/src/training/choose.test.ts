import { describe, expect, it } from 'vitest';
import { encodeModel } from '../model/model-file.ts';
import { sessionsOf, shelvedVisits } from '../testing/made-sessions.ts';
import { createRandom } from './random.ts';
import { trainOnSessions } from './train.ts';

const options = { version: 'v' };

describe('what serves', () => {
  it('is the network where the newest sessions, which it did not know, say that it ranks best', () => {
    const { meta, network } = trainOnSessions(sessionsOf(shelvedVisits(1500, 3)), options);
    const { 'blend/1': blend, 'co-visitation/2': coVisitation, 'popularity/1': popularity } = meta.heldOut;
    expect(meta.algorithm).toBe('blend/1');
    expect(network).toBeDefined();
    expect(blend?.queries).toBeGreaterThan(300);
    expect(blend?.mrr20).toBeGreaterThan((coVisitation?.mrr20 ?? 1) * 1.05);
    expect(coVisitation?.hr20).toBeGreaterThan((popularity?.hr20 ?? 1) + 0.3);
  });

  it('is the same list for all where sessions tell nothing of each other', () => {
    const random = createRandom(5);
    const visits = Array.from({ length: 800 }, () =>
      // Most look at the same few items, in no order; each at one that nobody else looks at.
      Array.from({ length: 3 }, () => Math.floor(random() ** 6 * 3000)),
    );
    expect(trainOnSessions(sessionsOf(visits), options).meta.algorithm).toBe('popularity/1');
  });

  it('is co-visitation, without figures, where there is too little to compare', () => {
    const { meta, network } = trainOnSessions(sessionsOf(shelvedVisits(20, 3)), options);
    expect(meta).toMatchObject({ algorithm: 'co-visitation/2', heldOut: {} });
    expect(network).toBeUndefined();
  });

  it('has the same bytes when it is trained again', () => {
    const sessions = sessionsOf(shelvedVisits(900, 9));
    const [one, other] = [trainOnSessions(sessions, options), trainOnSessions(sessions, options)];
    expect(one.meta.algorithm).toBe('blend/1');
    expect(Buffer.from(encodeModel(one)).equals(Buffer.from(encodeModel(other)))).toBe(true);
  });
});
