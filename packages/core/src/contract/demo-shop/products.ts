/**
 * What the demo shop sells: made up, the same everywhere, so that the page that shows it and the program that fills its catalogue agree
 * without asking each other.
 */

const aisles = [
  { name: 'lamp', en: 'lamp', ko: '조명', cents: 4900 },
  { name: 'chair', en: 'chair', ko: '의자', cents: 12900 },
  { name: 'mug', en: 'mug', ko: '머그잔', cents: 1400 },
  { name: 'plant', en: 'plant', ko: '화분', cents: 2400 },
  { name: 'rug', en: 'rug', ko: '러그', cents: 8900 },
  { name: 'clock', en: 'clock', ko: '시계', cents: 3900 },
  { name: 'cushion', en: 'cushion', ko: '쿠션', cents: 2900 },
  { name: 'shelf', en: 'shelf', ko: '선반', cents: 6900 },
] as const;

const lines = [
  { en: 'Amber', ko: '호박빛', hue: 38 },
  { en: 'Birch', ko: '자작나무', hue: 48 },
  { en: 'Coral', ko: '산호빛', hue: 12 },
  { en: 'Dusk', ko: '노을빛', hue: 340 },
  { en: 'Fern', ko: '고사리', hue: 130 },
  { en: 'Harbour', ko: '항구', hue: 210 },
  { en: 'Ink', ko: '잉크', hue: 232 },
  { en: 'Lilac', ko: '라일락', hue: 275 },
  { en: 'Moss', ko: '이끼', hue: 95 },
  { en: 'Pebble', ko: '조약돌', hue: 28 },
  { en: 'Rain', ko: '빗방울', hue: 190 },
  { en: 'Saffron', ko: '사프란', hue: 52 },
] as const;

export type Aisle = (typeof aisles)[number]['name'];

export interface Product {
  /** Also its id in the catalogue and in events, such as `lamp-amber`. */
  readonly id: string;
  readonly aisle: Aisle;
  /** What belongs together across aisles. */
  readonly line: string;
  readonly title: { readonly en: string; readonly ko: string };
  /** In euro cents. */
  readonly cents: number;
  /** Of its colour, in degrees. */
  readonly hue: number;
}

export const products: readonly Product[] = aisles.flatMap((aisle) =>
  lines.map(
    (line, index): Product => ({
      id: `${aisle.name}-${line.en.toLowerCase()}`,
      aisle: aisle.name,
      line: line.en.toLowerCase(),
      title: { en: `${line.en} ${aisle.en}`, ko: `${line.ko} ${aisle.ko}` },
      cents: Math.round((aisle.cents * (80 + ((index * 7) % 50))) / 10_000) * 100,
      hue: line.hue,
    }),
  ),
);

const byId: ReadonlyMap<string, Product> = new Map(products.map((product) => [product.id, product]));

export const productOf = (id: string): Product | undefined => byId.get(id);
