import { type AttributeValue, attributeOf, emptyItem, type Item } from '../attribute-value.ts';

/** A document path: an attribute's name, then map keys and list indexes. */
export type Path = readonly [string, ...(string | number)[]];

export const formatPath = (path: Path) =>
  `[${path.map((step) => (typeof step === 'number' ? `[${step}]` : step)).join(', ')}]`;

export function valueAt(item: Item, path: Path): AttributeValue | undefined {
  const [head, ...rest] = path;
  let value = attributeOf(item, head);
  for (const step of rest) {
    if (value === undefined) return undefined;
    if (typeof step === 'number') value = 'L' in value ? value.L[step] : undefined;
    else value = 'M' in value ? attributeOf(value.M, step) : undefined;
  }
  return value;
}

/** A tree of the steps that some paths take; a leaf takes everything below it. */
type Steps = Map<string | number, Steps>;

function pick(value: AttributeValue, steps: Steps): AttributeValue | undefined {
  if (steps.size === 0) return value;
  if ('M' in value) {
    const picked = pickItem(value.M, steps);
    return Object.keys(picked).length > 0 ? { M: picked } : undefined;
  }
  if (!('L' in value)) return undefined;
  const elements = [...steps]
    .filter((entry): entry is [number, Steps] => typeof entry[0] === 'number')
    .sort(([left], [right]) => left - right)
    .flatMap(([index, below]) => {
      const element = value.L[index];
      const picked = element && pick(element, below);
      return picked ? [picked] : [];
    });
  return elements.length > 0 ? { L: elements } : undefined;
}

function pickItem(item: Item, steps: Steps): Item {
  const picked = emptyItem();
  for (const [step, below] of steps) {
    const value = typeof step === 'string' ? attributeOf(item, step) : undefined;
    const part = value && pick(value, below);
    if (typeof step === 'string' && part) picked[step] = part;
  }
  return picked;
}

/** The parts of an item that the paths name. Elements picked from a list close up, in the list's order. */
export function project(item: Item, paths: readonly Path[]): Item {
  const root: Steps = new Map();
  for (const path of paths) {
    let node = root;
    for (const step of path) {
      const next: Steps = node.get(step) ?? new Map();
      node.set(step, next);
      node = next;
    }
  }
  return pickItem(item, root);
}
