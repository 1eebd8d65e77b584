/** A count with its noun, in English: `1 line`, `2 lines`. Korean has one form. @param count as the page writes numbers */
export const plural = (count: string, one: string, many: string): string => `${count} ${count === '1' ? one : many}`;
