import type { CallOutput } from '../api/client.ts';

type Standing = CallOutput<'getBilling'>['standing'];

/** Every sentence of the site in English. The type of the other languages, so that a missing one does not compile. */
export const en = {
  language: 'Language',
  theme: 'Theme',
  themeDark: 'Dark',
  themeLight: 'Light',
  skip: 'Skip to content',
  signIn: 'Sign in',
  signUp: 'Sign up',
  signOut: 'Sign out',
  account: 'Your account',
  console: 'Console',
  apiDocs: 'API documentation',
  loading: 'Loading',
  tryAgain: 'Try again',
  undo: 'Undo',
  asTable: 'As a table',
  atTime: 'Time',
  requestId: (id: string) => `Request ${id}`,
  broken: 'Something went wrong on our side. Try again in a moment.',
  noAnswer: 'The API does not answer. Check your connection, then try again.',
  pageNotFound: 'There is no such page',
  toStart: 'To the start page',

  callbackFailed: 'The sign-in did not work',

  tier: 'Tier',

  company: 'Company',
  statuses: {
    pending: 'waiting for payment',
    provisioning: 'being set up',
    failed: 'set-up failed',
    active: 'active',
    suspended: 'suspended',
    migrating: 'moving',
    deactivating: 'being closed',
    deleted: 'closed',
  } as Readonly<Record<string, string>>,

  perInterval: { month: 'a month', year: 'a year' } as Readonly<Record<'month' | 'year', string>>,
  payNow: 'Pay now',
  subscribeAgain: 'Subscribe again',
  resume: 'Go on',
  standingTitle: {
    none: 'Nothing is paid yet',
    paid: 'Everything is paid',
    grace: 'A payment failed',
    overdue: 'The company is suspended',
    forfeited: 'The company is being deactivated',
    paused: 'The subscription is paused',
    ended: 'The subscription has ended',
  } as Readonly<Record<Standing, string>>,
  standingText: {
    none: () => 'The company is set up once it has paid.',
    paid: () => 'There is nothing to do.',
    grace: (amount: string, suspendsOn: string) =>
      `${amount} is owed. Your shoppers are served as before until ${suspendsOn}; then the company is suspended.`,
    overdue: (amount: string, _: string, deactivatesOn: string) =>
      `${amount} is owed. Your data is kept, and everything is back within minutes of the payment. On ${deactivatesOn} the company is deactivated.`,
    forfeited: (amount: string) =>
      `${amount} was not paid until the last date. The company is deleted within 72 hours.`,
    paused: () => 'Your data is kept. Go on with the subscription to be served again.',
    ended: () => 'The company is deleted within 72 hours, unless you subscribe again.',
  } as Readonly<Record<Standing, (amount: string, suspendsOn: string, deactivatesOn: string) => string>>,

  suspendedTitle: 'This company is suspended',
  suspendedText:
    'Your shop’s events and requests for recommendations are refused. Your data is kept. Write to us to be served again.',

  impersonating: (name: string, until: string) =>
    `You look at ${name} as staff until ${until}. The company’s audit log says so.`,
  endImpersonation: 'Stop looking',

  cancel: 'Cancel',
  close: 'Close',
  copy: 'Copy',
  copied: 'Copied',
  events: 'Events',

  shopper: 'Shopper',
  recommendations: 'Recommendations',
  model: (version: string) => `model ${version}`,
};

export type Messages = typeof en;
