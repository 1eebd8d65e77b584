import { parseSync } from 'vite';

/** Attributes that are read to people. */
const spokenAttributes: ReadonlySet<string> = new Set(['aria-label', 'alt', 'title', 'placeholder', 'label']);
/** Names of things, units and example ids, which are the same in every language. */
const names = /^(Tenantry|[KMG]B|ms|[a-z]+-\d+)$/;

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';

const spoken = (text: string): boolean => /\p{L}{2}/u.test(text) && !names.test(text.trim());

function textOf(node: Node): string | undefined {
  if (node.type === 'JSXText') return String(node.value);
  if (node.type !== 'JSXAttribute' || !isNode(node.name) || !isNode(node.value)) return undefined;
  const isText = spokenAttributes.has(String(node.name.name)) && node.value.type === 'Literal';
  return isText ? String(node.value.value) : undefined;
}

/** The texts in a component's source that a reader would see or hear and that no catalogue holds. For the tests of the site. */
export function saidIn(source: string): readonly string[] {
  const found: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    const text = textOf(value);
    if (text !== undefined && spoken(text)) found.push(text.trim());
    Object.values(value).forEach(visit);
  };
  visit(parseSync('component.tsx', source).program);
  return found;
}
