/**
 * What the sign-in returns with when it has just linked somebody's provider to the user of the same address: begun once more, it signs that
 * user in.
 */
export const ssoLinked = 'sso-linked';
