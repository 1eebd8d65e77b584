import type { AttributeValue } from '../attribute-value.ts';
import type { Operand } from './cursor.ts';
import type { Path } from './path.ts';

/** The right-hand side of a SET. */
export type Term =
  | Operand
  | { readonly kind: 'plus' | 'minus' | 'listAppend'; readonly left: Term; readonly right: Term }
  | { readonly kind: 'ifNotExists'; readonly path: Path; readonly otherwise: Term };

export interface Assignment {
  readonly path: Path;
  readonly term: Term;
}

export interface Change {
  readonly path: Path;
  readonly value: AttributeValue;
}

/** An update expression, parsed, with its placeholders resolved. */
export interface Update {
  readonly set: readonly Assignment[];
  readonly remove: readonly Path[];
  /** Numbers are added, sets united. */
  readonly add: readonly Change[];
  /** Members taken out of sets. */
  readonly delete: readonly Change[];
}

/** The paths that the update writes. */
export const writtenPaths = (update: Update): readonly Path[] => [
  ...update.set.map(({ path }) => path),
  ...update.remove,
  ...update.add.map(({ path }) => path),
  ...update.delete.map(({ path }) => path),
];

/** Every attribute that the update reads or writes, once each. */
export function attributesOfUpdate(update: Update): ReadonlySet<string> {
  const read = update.set.flatMap(({ term }) => pathsOf(term));
  return new Set([...writtenPaths(update), ...read].map(([head]) => head));
}

function pathsOf(term: Term): readonly Path[] {
  switch (term.kind) {
    case 'path':
      return [term.path];
    case 'value':
      return [];
    case 'ifNotExists':
      return [term.path, ...pathsOf(term.otherwise)];
    case 'plus':
    case 'minus':
    case 'listAppend':
      return [...pathsOf(term.left), ...pathsOf(term.right)];
  }
}
