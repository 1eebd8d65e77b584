import type { CallOutput } from '../api/client.ts';

type Standing = CallOutput<'getBilling'>['standing'];

/** What a notice about the billing names, as people read it. */
interface StandingFacts {
  readonly standing: Standing;
  readonly amount: string;
  readonly suspendsOn: string;
  readonly deactivatesOn: string;
}

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
  console: 'Console',
  apiDocs: 'API documentation',
  loading: 'Loading',
  tryAgain: 'Try again',
  requestId: (id: string) => `Request ${id}`,
  noAnswer: 'The API does not answer. Check your connection, then try again.',
  pageNotFound: 'There is no such page',
  toStart: 'To the start page',

  heroTitle: 'Recommendations that know the last click',
  heroText:
    'Send what your shoppers look at; ask what to show them next. Each shop has its own data and its own model, and nobody else’s.',
  heroPoints: [
    ['Fresh', 'An event counts in the very next answer.'],
    ['Yours', 'Your data is reached only with credentials made for you.'],
    ['Quick to start', 'Register, pay, send events. Minutes, not weeks.'],
  ] as readonly (readonly [string, string])[],
  tiersTitle: 'Choose how much is yours alone',
  pool: 'Shared infrastructure',
  silo: 'Your own silo',
  limitEvents: (count: string) => `${count} events a day`,
  limitRequests: (count: string) => `${count} requests a second`,
  limitKeys: (count: string) => `${count} API keys`,
  limitRetention: (days: string) => `${days} days of history`,
  chooseTier: (tier: string) => `Start with ${tier}`,

  callbackTitle: 'Signing you in',
  callbackFailed: 'The sign-in did not work',

  registerTitle: 'Create your company',
  registerText: 'One step before payment. Nothing is built until you have paid.',
  companyName: 'Company name',
  address: 'Address',
  addressHint: (host: string) => `Yours alone, for example ${host}`,
  addressInvalid: 'Use 3 to 40 lower-case letters, digits and single hyphens.',
  tier: 'Tier',
  interval: 'Paid',
  currency: 'Currency',
  createCompany: 'Create company',
  creating: 'Creating…',

  onboardingTitle: 'Your company is being set up',
  onboardingDone: 'Everything is ready',
  onboardingFailed: 'Something did not work',
  onboardingUndoing: 'Something did not work; what was made is being taken back',
  onboardingFailedText: 'Below you see what was taken back. You have paid already, so you can try again at any time.',
  onboardingPending: 'Waiting for your payment',
  onboardingPendingText: 'Nothing is built before the payment. Your address is kept for a day.',
  onboardingJustPaid: 'The payment arrived; the first step begins in a moment.',
  continueToPayment: 'Continue to payment',
  retry: 'Try again',
  openDashboard: 'Open dashboard',
  stepUndo: {
    running: 'being taken back',
    done: 'taken back',
    kept: 'kept, since it holds data',
    failed: 'not taken back yet; a new attempt uses it, and otherwise we clear it away',
  },
  stepOutcome: { waiting: 'waiting', running: 'under way', succeeded: 'done', failed: 'failed' },
  usually: (time: string) => `usually ${time}`,
  seconds: (count: string) => `${count} s`,
  minutes: (count: string) => `${count} min`,
  stepTitles: {
    begin: 'Payment received',
    capacity: 'Room for your silo',
    pool: 'A place in the shared pool',
    storage: 'Your own events table',
    silo: 'Your own recommender starts',
    probe: 'Checking that it answers',
    finish: 'Open for your shoppers',
  } as Readonly<Record<string, string>>,

  company: 'Company',
  newCompany: 'New company',
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
    none: '',
    paid: '',
    grace: 'A payment failed',
    overdue: 'The company is suspended',
    forfeited: 'The company is being deactivated',
    paused: 'The subscription is paused',
    ended: 'The subscription has ended',
  } as Readonly<Record<Standing, string>>,
  standingText: ({ standing, amount, suspendsOn, deactivatesOn }: StandingFacts): string =>
    ({
      none: '',
      paid: '',
      grace: `${amount} is owed. Your shoppers are served as before until ${suspendsOn}; then the company is suspended.`,
      overdue: `${amount} is owed. Your data is kept, and everything is back within minutes of the payment. On ${deactivatesOn} the company is deactivated.`,
      forfeited: `${amount} was not paid until the last date. The company is deleted within 72 hours.`,
      paused: 'Your data is kept. Go on with the subscription to be served again.',
      ended: 'The company is deleted within 72 hours, unless you subscribe again.',
    })[standing],

  suspendedTitle: 'This company is suspended',
  suspendedText:
    'Your shop’s events and requests for recommendations are refused. Your data is kept. Write to us to be served again.',

  impersonating: (name: string, until: string) =>
    `You look at ${name} as staff until ${until}. The company’s audit log says so.`,
  endImpersonation: 'Stop looking',

  keysTitle: 'API keys',
  keysEmpty: 'Your shop needs a key to send events. Create the first one.',
  createKey: 'Create API key',
  keyName: 'Name',
  keyKind: 'Kind',
  keyKinds: {
    publishable: 'Publishable: may be in a web page; sends events and asks for lists',
    secret: 'Secret: for your servers only',
  },
  create: 'Create',
  cancel: 'Cancel',
  close: 'Close',
  keySecretTitle: 'Copy your key now',
  keySecretText: 'It is shown this once; only its hash is kept.',
  keySecret: 'API key secret',
  copy: 'Copy',
  copied: 'Copied',
  revoke: 'Revoke',
  revokeSure: 'Revoke for good?',
  keyCreated: (date: string) => `created ${date}`,

  snippetTitle: 'Put it into your shop',
  snippetText: 'Send what shoppers do, and ask what to show. Replace the key with yours.',

  activityTitle: 'Events by the minute',
  activityWaiting: 'Waiting for your first event…',
  activityWaitingText: 'Create a key and send an event with the snippet; it appears here within seconds.',
  activityTotal: 'events archived',
  activityLastHour: 'in the last hour',
  activityTable: 'As a table',

  usageTitle: 'Usage',
  usageMeter: 'Meter',
  usageGranularity: 'Steps of the chart',
  usageByHour: 'By the hour',
  usageByDay: 'By the day',
  usageToday: 'Today',
  usagePeriod: 'This period',
  usageIncluded: 'Included',
  usageForecast: 'Forecast',
  usageOf: (used: string, limit: string) => `${used} of ${limit}`,
  usageInvoice: (total: string, date: string) =>
    `If it goes on like that, the invoice of ${date} will be about ${total}.`,
  usageTooEarly: 'After three whole days there is a forecast of the invoice.',
  meters: {
    events_collected: 'Events',
    recommendations_served: 'Recommendations',
    silo_hours: 'Hours of the own silo',
    training_minutes: 'Minutes of training',
    storage_gb_hours: 'Storage, GB-hours',
  },
  minute: 'Minute',
  events: 'Events',

  exportsTitle: 'Export your data',
  exportNow: 'Export now',
  exporting: 'Exporting…',
  exportsEmpty:
    'Take everything that is kept of your company along, as files for a spreadsheet. Nothing is exported yet.',
  exportFailed: (reason: string) => `The export failed: ${reason}`,
  exportFacts: (files: string, kilobytes: string, until: string) =>
    `${files} files · ${kilobytes} KB · kept until ${until}`,
  exportRows: (rows: string) => `${rows} rows`,
  showFiles: 'Show files',
  hideFiles: 'Hide files',
  modelsTitle: 'Model',
  modelsEmpty: 'No model yet. Send some events, then train.',
  trainNow: 'Train now',
  training: 'Training…',
  trainingFailed: (reason: string) => `The training failed: ${reason}`,
  modelServing: 'serving',
  modelFacts: (items: string, events: string) => `${items} items from ${events} events`,

  recommendTitle: 'Try it',
  recommendText: 'What would this shopper see now?',
  shopper: 'Shopper',
  recommend: 'Recommend',
  recommendations: 'Recommendations',
  recommendEmpty: 'The list is empty: there is no model yet, or it knows no items.',
  reasons: { 'co-visited': 'seen with what this shopper saw', popular: 'popular in your shop' },
  servedBy: { pool: 'served by the pool', silo: 'served by your silo' },
  model: (version: string) => `model ${version}`,
};

export type Messages = typeof en;
