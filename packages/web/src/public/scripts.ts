/** Scripts of public pages, as files below `client/`. `page` is on all of them. */
export const clientScripts = ['page', 'try-sdk', 'try-api', 'live-status'] as const;
export type ClientScript = (typeof clientScripts)[number];
