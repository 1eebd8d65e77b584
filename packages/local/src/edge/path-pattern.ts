/**
 * CloudFront's path patterns: `*` stands for any characters, also none and also slashes, `?` for exactly one. Letters
 * are compared by case.
 */
export function createPathPattern(pattern: string): (path: string) => boolean {
  const source = pattern
    .replaceAll(/[.+^${}()|[\]\\]/g, '\\$&')
    .replaceAll('*', '.*')
    .replaceAll('?', '.');
  const expression = new RegExp(`^${source}$`, 's');
  return (path) => expression.test(path);
}
