import { createHash } from 'node:crypto';
import { managedLoginAssets, managedLoginSettings } from '@tenantry/core/brand/managed-login';
import { sessionCookie } from '@tenantry/core/contract/session';
import { codeMail, cognitoMarks } from '@tenantry/core/mail/code-mail';
import { createFunction } from './function.ts';
import { accountId, region, resourceName } from './naming.ts';
import type { Storage } from './storage.ts';

export type Identity = ReturnType<typeof createIdentity>;

/** Who people are: the user pool with its hosted login, and what an access token says about them. */
export function createIdentity({ storage, siteUrl }: { storage: Storage; siteUrl: $util.Input<string> }) {
  const preToken = createFunction('triggers/pre-token', {
    storage,
    memoryMb: 1024,
    // Cognito gives up on a trigger after five seconds.
    timeoutSeconds: 5,
  });

  // The pool names these functions, so their policies cannot name the pool; its tag stands for it.
  const ofThisStage = [{ test: 'StringEquals', variable: `aws:ResourceTag/${poolTag}`, values: [$app.stage] }];
  const preSignUp = createFunction('triggers/pre-sign-up', {
    storage,
    memoryMb: 1024,
    timeoutSeconds: 5,
    grants: [
      {
        actions: [
          'cognito-idp:ListUsers',
          'cognito-idp:AdminListGroupsForUser',
          'cognito-idp:AdminLinkProviderForUser',
          'cognito-idp:AdminUserGlobalSignOut',
        ],
        resources: [$interpolate`arn:aws:cognito-idp:${region()}:${accountId()}:userpool/*`],
        conditions: ofThisStage,
      },
    ],
  });
  const preAuthentication = createFunction('triggers/pre-authentication', {
    storage,
    memoryMb: 1024,
    timeoutSeconds: 5,
  });

  const pool = new sst.aws.CognitoUserPool('Users', {
    usernames: ['email'],
    mfa: 'optional',
    softwareToken: true,
    triggers: {
      preTokenGeneration: preToken.arn,
      preTokenGenerationVersion: 'v2',
      preSignUp: preSignUp.arn,
      preAuthentication: preAuthentication.arn,
    },
    domain: { prefix: loginPrefix() },
    transform: {
      userPool(args) {
        // Claims in access tokens come with this tier and up.
        args.userPoolTier = 'ESSENTIALS';
        args.tags = { [poolTag]: $app.stage };
        args.deletionProtection = $app.protect ? 'ACTIVE' : 'INACTIVE';
        args.accountRecoverySetting = { recoveryMechanisms: [{ name: 'verified_email', priority: 1 }] };
        args.userAttributeUpdateSettings = { attributesRequireVerificationBeforeUpdates: ['email'] };
        const code = codeMail('code', undefined, cognitoMarks);
        const invitation = codeMail('temporaryPassword', undefined, cognitoMarks);
        // Nobody's language is known before the first sign-in, so these speak both.
        args.verificationMessageTemplate = {
          defaultEmailOption: 'CONFIRM_WITH_CODE',
          emailSubject: code.subject,
          emailMessage: code.html,
        };
        args.adminCreateUserConfig = {
          allowAdminCreateUserOnly: false,
          inviteMessageTemplate: { emailSubject: invitation.subject, emailMessage: invitation.html },
        };
        args.passwordPolicy = {
          minimumLength: 12,
          requireLowercase: true,
          requireUppercase: true,
          requireNumbers: true,
          requireSymbols: false,
          temporaryPasswordValidityDays: 3,
        };
      },
      domain(args) {
        args.managedLoginVersion = 2;
      },
    },
  });

  const operators = new aws.cognito.UserGroup('Operators', {
    name: 'operators',
    userPoolId: pool.id,
    description: 'Staff of the provider',
  });

  const client = pool.addClient('Web', {
    callbackUrls: [$interpolate`${siteUrl}/auth/callback`],
    transform: {
      client(args) {
        args.generateSecret = false;
        args.allowedOauthFlows = ['code'];
        args.allowedOauthScopes = ['openid', 'email', 'profile'];
        args.logoutUrls = [$interpolate`${siteUrl}/`];
        args.explicitAuthFlows = ['ALLOW_USER_SRP_AUTH', 'ALLOW_REFRESH_TOKEN_AUTH'];
        // No custom attribute is among them: what a user may write carries no authority.
        args.readAttributes = ['email', 'email_verified', 'name'];
        args.writeAttributes = ['email', 'name'];
        args.preventUserExistenceErrors = 'ENABLED';
        args.enableTokenRevocation = true;
        args.accessTokenValidity = 15;
        args.idTokenValidity = 15;
        args.refreshTokenValidity = sessionCookie.days;
        args.tokenValidityUnits = { accessToken: 'minutes', idToken: 'minutes', refreshToken: 'days' };
      },
    },
  });
  const branding = new aws.cognito.ManagedLoginBranding('WebLogin', {
    userPoolId: pool.id,
    clientId: client.id,
    settings: JSON.stringify(managedLoginSettings),
    assets: managedLoginAssets,
  });

  return {
    pool,
    client,
    operators,
    branding,
    issuer: $interpolate`https://cognito-idp.${region()}.amazonaws.com/${pool.id}`,
    loginUrl: $interpolate`https://${loginPrefix()}.auth.${region()}.amazoncognito.com`,
    functions: [preToken, preSignUp, preAuthentication],
  };
}

/** Marks the user pool of a stage. */
const poolTag = 'tenantry:users';

/** Login domains are one name space for all of AWS; a digest of the account makes the stage's own. */
function loginPrefix(): $util.Output<string> {
  return accountId().apply((account) =>
    resourceName(createHash('sha256').update(`${$app.name}/${account}`).digest('hex').slice(0, 8)),
  );
}
