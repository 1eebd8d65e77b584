/** What people call each tier, cheapest first; the same in every language. */
export const tierTitles = { standard: 'Standard', premium: 'Premium', enterprise: 'Enterprise' } as const;
