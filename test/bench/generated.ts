import { type Corpus, createCorpusBuilder } from '@tenantry/recommender/index/corpus';
import { createRandom } from '@tenantry/recommender/training/random';

export const generatedItems = 40_000;
const SHELF = 50;

/** Sessions that stay on a shelf of a shop whose shelves are unequally visited; about five events each. */
export function generated(sessions: number, seed = 1): Corpus {
  const random = createRandom(seed);
  // As if every item had been seen, so that corpora of several seeds number their items alike.
  const builder = createCorpusBuilder(generatedItems);
  for (let session = 0; session < sessions; session++) {
    const shelf = Math.floor(random() ** 3 * (generatedItems / SHELF));
    let place = Math.floor(random() * SHELF);
    const items = Array.from({ length: 1 + Math.floor(random() * 9) }, () => {
      place = (place + Math.floor(random() ** 2 * 6)) % SHELF;
      return shelf * SHELF + place;
    });
    builder.add(
      items,
      items.map(() => (random() < 0.9 ? 0 : 1)),
      session,
    );
  }
  return builder.build();
}

export const generatedIds = (): string[] => Array.from({ length: generatedItems }, (_, item) => `sku-${item}`);
