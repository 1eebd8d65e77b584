/** A header that no form and no link can send, so that pages of other origins would have to ask first. */
export const pageHeader = { name: 'x-requested-by', value: 'site' } as const;
