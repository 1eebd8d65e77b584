/** What a shop puts into its pages: the SDK, an event for what is looked at, and a list. */
export const snippetFor = (
  origin: string,
  key: string,
): string => `<script src="${origin}/sdk.js" data-key="${key}"></script>
<script>
  tenantry.track({ itemId: 'sku-42', type: 'view' });

  tenantry.recommend({ limit: 10 }).then(({ items }) => {
    console.log(items);
  });
</script>`;

/** The same event from a server. */
export const commandFor = (origin: string, key: string): string =>
  [
    `curl ${origin}/v1/events \\`,
    `  -H 'authorization: Bearer ${key}' \\`,
    `  -H 'content-type: application/json' \\`,
    `  -d '{"events":[{"shopperId":"shopper-1","itemId":"sku-42","type":"view"}]}'`,
  ].join('\n');

/** Stands for a key in what is to be copied. */
export const noKey = 'pk_YOUR_KEY';
