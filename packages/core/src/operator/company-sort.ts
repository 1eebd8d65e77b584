/** What the list of companies can be sorted by; a `-` before it turns the order round. */
export const companySorts = ['registered', 'name', 'events', 'revenue', 'cost', 'margin'] as const;
export type CompanySortName = (typeof companySorts)[number];
export type CompanySort = CompanySortName | `-${CompanySortName}`;
