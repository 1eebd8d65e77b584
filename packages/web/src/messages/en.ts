import type { CallOutput } from '../api/client.ts';
import { plural } from './plural.ts';

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

  pool: 'Shared infrastructure',
  silo: 'Your own silo',
  limitEvents: (count: string) => `${plural(count, 'event', 'events')} a day`,
  limitRequests: (count: string) => `${plural(count, 'request', 'requests')} a second`,
  limitTrainings: (count: string) => `${plural(count, 'training', 'trainings')} a day`,
  limitModels: (count: string) => `${plural(count, 'model', 'models')} to go back to`,
  limitUsers: (count: string) => plural(count, 'user', 'users'),
  tierText: {
    standard: 'Shared infrastructure, your own data and model. Live in seconds.',
    premium: 'A recommender, an events table and an endpoint of your own.',
    enterprise: 'Your own silo with room for the largest shops, and the longest history.',
  } as Readonly<Record<string, string>>,
  trialDays: (days: string) => `${plural(days, 'day', 'days')} free`,
  savedByYear: (amount: string) => `${amount} less than twelve months`,
  paidBy: { month: 'By the month', year: 'By the year' } as Readonly<Record<'month' | 'year', string>>,
  limitKeys: (count: string) => plural(count, 'API key', 'API keys'),
  limitRetention: (days: string) => `${plural(days, 'day', 'days')} of history`,

  callbackTitle: 'Signing you in',
  callbackFailed: 'The sign-in did not work',

  tier: 'Tier',
  interval: 'Paid',
  currency: 'Currency',

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

  billingTitle: 'Billing',
  planTitle: 'Plan',
  perInterval: { month: 'a month', year: 'a year' } as Readonly<Record<'month' | 'year', string>>,
  planRenews: (date: string) => `Renews on ${date}`,
  planEnds: (date: string) => `Ends on ${date}`,
  trialUntil: (date: string) => `Free until ${date}`,
  openPortal: 'Cards, address, cancellation',
  switchTo: { month: 'Pay by the month', year: 'Pay by the year' } as Readonly<Record<'month' | 'year', string>>,
  moveTo: (tier: string) => `Move to ${tier}`,
  moveText: 'Your shoppers are served all the while. Until the new place takes over, the move can be taken back.',
  moving: 'The company is moving to another tier. Your shoppers are served meanwhile.',
  undoMove: 'Take the move back',
  switchCosts: (amount: string) => `With this change the next invoice is ${amount}.`,
  confirm: 'Confirm',
  leaveIt: 'Leave it as it is',
  invoicesTitle: 'Invoices',
  invoicesEmpty: 'There is no invoice yet.',
  invoiceStatus: { paid: 'paid', open: 'open', void: 'void', uncollectible: 'written off' } as Readonly<
    Record<string, string>
  >,
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
  activityTitle: 'Events by the minute',
  activityWaiting: 'Waiting for your first event…',
  activityWaitingText: 'Create a key and send an event with the snippet; it appears here within seconds.',
  activityTotal: 'events archived',
  activityLastHour: 'in the last hour',
  usageTitle: 'Usage',
  usageMeter: 'Meter',
  usageGranularity: 'Steps of the chart',
  meters: {
    events_collected: 'Events',
    recommendations_served: 'Recommendations',
    silo_hours: 'Hours of the own silo',
    training_minutes: 'Minutes of training',
    storage_gb_hours: 'Storage, GB-hours',
  },
  events: 'Events',

  shopper: 'Shopper',
  recommendations: 'Recommendations',
  recommendEmpty: 'The list is empty: there is no model yet, or it knows no items.',
  reasons: {
    'co-visited': 'seen with what this shopper saw',
    'bought-together': 'bought together',
    similar: 'similar',
    trending: 'trending now',
    bestseller: 'bestseller',
    popular: 'popular in your shop',
    'recently-viewed': 'seen lately',
    pinned: 'put here by a rule',
  },
  servedBy: { pool: 'served by the pool', silo: 'served by your silo' },
  model: (version: string) => `model ${version}`,
};

export type Messages = typeof en;
