import { createCorpusBuilder } from '../index/corpus.ts';
import { createRandom } from '../training/random.ts';
import type { ShopSessions } from '../training/sessions.ts';

/** Sessions as lists of item numbers, all of them views, in a corpus; each ends a minute after the one before. */
export function sessionsOf(visits: readonly (readonly number[])[]): ShopSessions {
  const builder = createCorpusBuilder();
  visits.forEach((items, visit) => {
    builder.add(
      items,
      items.map(() => 0),
      60 * visit,
    );
  });
  const corpus = builder.build();
  return { corpus, itemIds: Array.from({ length: corpus.itemCount }, (_, item) => `sku-${item}`) };
}

/**
 * A shop with shelves: shoppers stay on one shelf and go on to one of the next items of it, mostly to the very next.
 * @param sessions at least 5,000 teach a network something
 */
export function shelvedVisits(sessions: number, seed: number): readonly (readonly number[])[] {
  const random = createRandom(seed);
  const shelves = 40;
  const perShelf = 25;
  return Array.from({ length: sessions }, () => {
    const shelf = Math.floor(random() ** 2 * shelves);
    let place = Math.floor(random() * perShelf);
    return Array.from({ length: 2 + Math.floor(random() * 6) }, () => {
      place = (place + 1 + Math.floor(random() ** 3 * 5)) % perShelf;
      return shelf * perShelf + place;
    });
  });
}
