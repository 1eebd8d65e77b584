/** Which service of AWS an item of cost is charged by. */
const prefixes: readonly (readonly [string, string])[] = [
  ['lambda', 'lambda'],
  ['httpApi', 'api'],
  ['dynamodb', 'dynamodb'],
  ['s3', 's3'],
  ['sqs', 'sqs'],
  ['state', 'states'],
  ['scheduler', 'scheduler'],
  ['mail', 'mail'],
  ['log', 'watch'],
  ['alarm', 'watch'],
  ['cNode', 'silos'],
  ['mNode', 'silos'],
  ['cAuto', 'silos'],
  ['mAuto', 'silos'],
  ['disk', 'silos'],
  ['controlPlane', 'silos'],
  ['balancer', 'silos'],
  ['nat', 'silos'],
  ['address', 'silos'],
];

export const serviceOf = (item: string): string => prefixes.find(([prefix]) => item.startsWith(prefix))?.[1] ?? 'other';

/** What companies cost by service, the dearest first; millionths of a US dollar. */
export function costByService(
  costs: readonly Readonly<Record<string, number>>[],
): readonly { readonly service: string; readonly micro: number }[] {
  const sums = new Map<string, number>();
  for (const cost of costs) {
    for (const [item, micro] of Object.entries(cost)) {
      sums.set(serviceOf(item), (sums.get(serviceOf(item)) ?? 0) + micro);
    }
  }
  return [...sums].map(([service, micro]) => ({ service, micro })).toSorted((a, b) => b.micro - a.micro);
}
