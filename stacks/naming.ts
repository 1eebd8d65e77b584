/** A physical name that is known before its resource exists: `tenantry-production-tenant-data`. */
export const resourceName = (suffix: string): string => `${$app.name}-${$app.stage}-${suffix}`;

/** `api/stripe-webhook` → `ApiStripeWebhook` */
export const componentName = (path: string): string =>
  path
    .split(/[^a-zA-Z0-9]+/)
    .map((word) => word.charAt(0).toUpperCase() + word.slice(1))
    .join('');

/** The label below a mail domain at which its text record is looked for. */
export const domainRecord = (): string => `_${$app.name}-verification`;

export const accountId = () => aws.getCallerIdentityOutput().accountId;
export const region = () => aws.getRegionOutput().region;

/** ARN of a resource of this account and region. */
export const localArn = (service: string, resource: $util.Input<string>): $util.Output<string> =>
  $interpolate`arn:aws:${service}:${region()}:${accountId()}:${resource}`;
