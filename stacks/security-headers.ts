import { securityHeaders, transportSecuritySeconds } from '@tenantry/core/contract/security-headers';

/** The policy by which CloudFront puts the security headers on every answer, in place of whatever an origin says. */
export function createSecurityHeaders(): aws.cloudfront.ResponseHeadersPolicy {
  const {
    'content-security-policy': contentSecurityPolicy,
    'referrer-policy': referrerPolicy,
    'x-frame-options': frameOption,
    'x-content-type-options': _,
    ...others
  } = securityHeaders;
  return new aws.cloudfront.ResponseHeadersPolicy('EdgeHeaders', {
    comment: 'Security headers of the site and the API',
    securityHeadersConfig: {
      contentSecurityPolicy: { contentSecurityPolicy, override: true },
      contentTypeOptions: { override: true },
      frameOptions: { frameOption, override: true },
      referrerPolicy: { referrerPolicy, override: true },
      strictTransportSecurity: { accessControlMaxAgeSec: transportSecuritySeconds, override: true },
    },
    customHeadersConfig: {
      items: Object.entries(others).map(([header, value]) => ({ header, value, override: true })),
    },
  });
}
