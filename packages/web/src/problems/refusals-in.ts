import { parseSync } from 'vite';

interface Node {
  readonly type: string;
  readonly [field: string]: unknown;
}
const isNode = (value: unknown): value is Node =>
  typeof value === 'object' && value !== null && 'type' in value && typeof value.type === 'string';
const nodes = (value: unknown): readonly Node[] => (Array.isArray(value) ? value.filter(isNode) : []);

/** The texts that an expression can be, with `{0}`, `{1}`, … in the places of values. */
function textsOf(node: unknown): readonly string[] {
  if (!isNode(node)) return [];
  if (node.type === 'Literal') return typeof node.value === 'string' ? [node.value] : [];
  if (node.type === 'ConditionalExpression') return [...textsOf(node.consequent), ...textsOf(node.alternate)];
  if (node.type !== 'TemplateLiteral') return [];
  const parts = nodes(node.quasis).map(({ value }) => (value as { readonly cooked: string }).cooked);
  return [parts.reduce((text, part, i) => `${text}{${i - 1}}${part}`)];
}

const nameOf = (node: unknown): string => (isNode(node) ? String(node.name) : '');
const checks: ReadonlySet<string> = new Set(['regex', 'refine', 'min', 'max']);

/** What the API says to its callers, by a source: sentences of refusals, and what is wrong with fields. For the tests of the site. */
export function refusalsIn(source: string): {
  readonly sentences: readonly string[];
  readonly fields: readonly string[];
} {
  const sentences: string[] = [];
  const fields: string[] = [];
  const visit = (value: unknown): void => {
    if (Array.isArray(value)) value.forEach(visit);
    if (!isNode(value)) return;
    const args = nodes(value.arguments);
    if (value.type === 'NewExpression' && nameOf(value.callee) === 'DomainError') sentences.push(...textsOf(args[1]));
    if (value.type === 'CallExpression' && nameOf(value.callee).startsWith('invalid')) fields.push(...textsOf(args[0]));
    if (value.type === 'CallExpression' && isNode(value.callee) && checks.has(nameOf(value.callee.property))) {
      fields.push(...textsOf(args[1]));
    }
    if (value.type === 'Property' && ['message', 'error'].includes(nameOf(value.key)))
      fields.push(...textsOf(value.value));
    if (value.type === 'VariableDeclarator' && nameOf(value.id) === 'message') fields.push(...textsOf(value.init));
    if (value.type === 'ReturnStatement') fields.push(...textsOf(value.argument));
    Object.values(value).forEach(visit);
  };
  visit(parseSync('source.ts', source).program);
  return { sentences, fields };
}
