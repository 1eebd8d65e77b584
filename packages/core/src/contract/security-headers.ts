/**
 * What the domain tells browsers with every answer, of the site and of the API. The site's own files are all that its pages may load
 * or run, its own API all that they may call; nothing is written into a page as a script or a style.
 */
const contentSecurityPolicy = Object.entries({
  'default-src': "'none'",
  'script-src': "'self'",
  'style-src': "'self'",
  // Pictures of catalogues lie wherever the shops keep them.
  'img-src': "'self' data: https:",
  'font-src': "'self'",
  'connect-src': "'self'",
  'base-uri': "'none'",
  'form-action': "'none'",
  'frame-ancestors': "'none'",
  'object-src': "'none'",
  // Text that a script puts into a page as markup is refused, wherever it came from.
  'require-trusted-types-for': "'script'",
})
  .map((directive) => directive.join(' '))
  .join('; ');

export const securityHeaders = {
  'content-security-policy': contentSecurityPolicy,
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
  'referrer-policy': 'strict-origin-when-cross-origin',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
} as const satisfies Readonly<Record<string, string>>;

/** How long browsers come by TLS alone, where the domain has it. */
export const transportSecuritySeconds = 63_072_000;
