/** A question with its answer. */
type Pair = readonly [title: string, text: string];

/** Every sentence of the public pages in English. The type of the other languages, so that a missing one does not compile. */
export const publicEn = {
  skip: 'Skip to content',
  menu: 'Pages',
  language: 'Language',
  theme: 'Theme',
  themes: { system: 'As the system', light: 'Light', dark: 'Dark' },
  signIn: 'Sign in',
  signUp: 'Sign up',
  footer: 'More',
  footerNote: 'No cookies, no trackers, and no script from anybody else on these pages.',
  nav: { pricing: 'Pricing', guide: 'Guide', api: 'API', shop: 'Demo shop', status: 'Status' },
  copied: 'Copied',

  pages: {
    landing: {
      title: 'Recommendations that know the last click',
      short: 'Start',
      description:
        'Real-time product recommendations for online shops, with data and a model that are each shop’s own.',
    },
    pricing: {
      title: 'Pricing',
      short: 'Pricing',
      description: 'Three tiers by the month or by the year, in dollars, euros or won, with what each includes.',
    },
    guide: {
      title: 'Getting started',
      short: 'Getting started',
      description: 'From a new account to the first recommendation in a shop’s page, in five steps.',
    },
    sdk: {
      title: 'The SDK, with a try-out',
      short: 'SDK',
      description: 'How pages and servers send events and ask for lists, and a form that really does it.',
    },
    api: {
      title: 'API reference',
      short: 'API reference',
      description: 'Every route of the API, who may call it and what it takes, each to be tried from the page.',
    },
    status: {
      title: 'Status',
      short: 'Status',
      description:
        'Whether the service answers now, what went wrong lately, and how it was on each of the last ninety days.',
    },
    changelog: { title: 'Changelog', short: 'Changelog', description: 'What has changed, newest first.' },
    terms: { title: 'Terms of service', short: 'Terms', description: 'The terms of service.' },
    privacy: { title: 'Privacy', short: 'Privacy', description: 'What is kept of whom, why and how long.' },
    'data-processing': {
      title: 'Data processing agreement',
      short: 'Data processing',
      description: 'How data is processed on behalf of companies.',
    },
    imprint: { title: 'Imprint', short: 'Imprint', description: 'Who is behind this site.' },
  },

  landing: {
    lead: 'Send what your shoppers look at; ask what to show them next. An event counts in the very next answer, and each shop has its own data and its own model.',
    tryShop: 'Look at the demo shop',
    lookedAt: 'Just looked at',
    similar: 'Similar to this',
    pictureNote:
      'What the demo shop shows after one click, and the call that brought it. It runs on this very deployment; open it and look at something.',
    howTitle: 'How it works',
    how: [
      [
        'Events go in',
        'A line of script or one call from your server tells what was viewed, put into the cart, bought. Batched, repeated when the network fails, and counted once.',
      ],
      [
        'A model of your own',
        'Each company’s model is trained on its own events alone: an index of sessions and a small network that ranks what the index finds. Several methods compete on the newest part of your data, and the best one serves.',
      ],
      [
        'Lists come out',
        'Ask for seven kinds of lists, such as for a person, a product or a cart. Your rules pin, hide and filter. What a list came to is measured: seen, clicked, bought.',
      ],
    ] as readonly Pair[],
    isolationTitle: 'How much is yours alone',
    isolationLead:
      'Every tier keeps companies apart by the same means: code that forgets whose data it asks for gets none, since it holds no permission of its own. What differs is what is shared.',
    isolationHead: ['', 'Standard', 'Premium and Enterprise'] as readonly [string, string, string],
    isolationRows: [
      [
        'Behaviour events',
        'rows of a shared table, reached only with credentials for your company',
        'a table of your own',
      ],
      [
        'Recommender',
        'shared functions; your model is loaded for you',
        'processes of your own, in a namespace that no other can reach',
      ],
      ['Model', 'yours alone', 'yours alone'],
      ['Endpoint', 'shared', 'yours alone'],
      ['Live after', 'seconds', 'minutes'],
    ] as readonly (readonly [string, string, string])[],
    tiersTitle: 'Three tiers',
    allPrices: 'All prices and limits',
    faqTitle: 'Questions',
    faq: [
      [
        'Do my shoppers need to be known by name?',
        'No. You send an id of your own that means nothing to us; a page without one makes a random id, and forgets it when consent is withdrawn. Names and addresses have no place in an event.',
      ],
      [
        'What happens when your API does not answer?',
        'The SDK gives up after five seconds and tells your page, which shows what it would show without recommendations. Events wait in the browser and are sent later, each once.',
      ],
      [
        'How long until the first list?',
        'At once, by what is popular; as soon as some sessions arrived, the first model is trained in seconds to minutes.',
      ],
      [
        'Can I take my data with me?',
        'Yes. An export holds everything that is kept of your company, in files that people and programs can read. Leaving deletes all of it after 72 hours in which you can change your mind, with a certificate of what was deleted.',
      ],
      [
        'What if a payment fails?',
        'You are told at once and reminded. Nothing changes for your shoppers for at least ten days, and nothing is deleted before the dates that the mails name.',
      ],
      [
        'May I run all of it myself?',
        'The whole system runs on a laptop without any account, which is how it is tested. It deploys to an AWS account of yours.',
      ],
    ] as readonly Pair[],
  },

  pricing: {
    lead: 'Each tier is the whole product. They differ in what is yours alone and in how much is included; nothing ends without a word when you use more.',
    interval: 'Paid',
    intervals: { month: 'By the month', year: 'By the year' },
    currency: 'Currency',
    per: { month: 'a month', year: 'a year' },
    trial: (days: string) => `${days} days free`,
    saved: (amount: string) => `${amount} less than twelve months`,
    choose: (tier: string) => `Start with ${tier}`,
    isolation: { pool: 'Shared infrastructure', silo: 'Your own silo' },
    tierText: {
      standard: 'Shared infrastructure, your own data and model. Live in seconds.',
      premium: 'A recommender, an events table and an endpoint of your own.',
      enterprise: 'Your own silo with room for the largest shops, and the longest history.',
    },
    compare: 'Compared',
    feature: 'What',
    limits: {
      requestsPerSecond: 'Requests a second',
      eventsPerDay: 'Events a day',
      retentionDays: 'Days of history',
      trainingsPerDay: 'Trainings a day',
      models: 'Models to go back to',
      users: 'Users',
      apiKeys: 'API keys',
      webhooks: 'Webhook endpoints',
    },
    features: 'Features',
    featureNames: {
      export: 'Export of all data',
      auditLog: 'Audit log',
      ownModel: 'A model of its own',
      ownEventsTable: 'An events table of its own',
      ownEndpoint: 'An endpoint of its own',
      ownNodes: 'Machines of its own',
      sso: 'Single sign-on',
    },
    yes: 'Yes',
    no: 'No',
    included: {
      month: (units: string) => `${units} a month`,
      year: (units: string) => `${units} a year`,
    },
    beyond: (price: string, units: string) => (units === '1' ? `then ${price} each` : `then ${price} for ${units}`),
    meters: {
      events_collected: 'Events',
      recommendations_served: 'Recommendations',
      silo_hours: 'Hours of a silo',
      training_minutes: 'Minutes of training',
      storage_gb_hours: 'Storage (GB hours)',
    },
    taxNote: 'Prices are without tax; what applies to you is shown before you pay.',
  },

  guide: {
    lead: 'Five steps to the first list in a page of your shop. Nothing has to be installed to try it.',
    steps: [
      [
        'Make an account',
        'Sign up with an address, register the company and choose a tier. A standard company is ready in seconds, a silo in minutes; the page shows each step.',
      ],
      [
        'Make a publishable key',
        'In the console, under Your shop, which also shows it in the snippet. Publishable keys (pk_…) may stand in a page: they send events and ask for lists, and nothing else. Secret keys (sk_…) stay on servers.',
      ],
      ['Put the script into your pages', 'It sends what is viewed and bought. Without a bundler it is two lines:'],
      ['Ask for a list', 'Where the list should be. When nothing comes, show what you would show without it:'],
      [
        'Watch it arrive',
        'The console shows the events of the last minutes. Train the first model with a button; later ones follow by themselves.',
      ],
    ] as readonly Pair[],
    nextTitle: 'Go on',
    next: [
      ['sdk', 'Everything that the SDK does, and a form that tries it'],
      ['api', 'Every route of the API, to be tried from the page'],
    ] as readonly (readonly ['sdk' | 'api', string])[],
  },

  sdk: {
    lead: 'No dependencies, no cookies, under 5 kB in a page. The same client runs in pages and on servers.',
    tryTitle: 'Try it',
    tryText:
      'This form starts the SDK in this page, with a publishable key of yours, and shows what goes over the wire. The demo shop’s own key is on its page.',
    key: 'Publishable key',
    keyHint: 'it stays in this page',
    keyExample: 'pk_…',
    shopper: 'Shopper',
    item: 'Item',
    type: 'What happened',
    types: { view: 'viewed', cart: 'put into the cart', purchase: 'bought' },
    start: 'init',
    track: 'track',
    recommend: 'recommend',
    calls: 'Calls',
    noCalls: 'None yet. Give a key and press init.',
    needsScript: 'The try-out needs JavaScript; everything else on this page does not.',
    badKey: 'That is no publishable key: it begins with pk_.',
    started: 'Started. Nothing is sent until you track or recommend.',
    sections: [
      ['In a page', 'The script starts by itself with the key in its tag, as window.tenantry:'],
      ['With a bundler', 'The same, with types:'],
      ['On a server', 'With a secret key, and the shopper in each call. A page refuses a secret key.'],
      [
        'Consent',
        'No event is sent and nothing stored before consent when you say so, and a list is asked for under an id that is good for that one call; taking consent back forgets what waits and the anonymous id.',
      ],
      [
        'When the network fails',
        'Events wait in a queue that survives a reload and holds at most 500. They are sent in batches, again after one second, doubled up to a minute, under the same ids, so that each counts once. When the page is left, what waits goes by a request that outlives it: a beacon could carry no key.',
      ],
    ] as readonly Pair[],
  },

  api: {
    lead: 'All of it is JSON over HTTPS. Errors are problem documents (RFC 9457) with a stable code. Lists are paged by an opaque cursor.',
    document: 'As an OpenAPI 3.1 document',
    plain: 'As one page without a form',
    credential: 'API key or access token',
    credentialHint: 'Goes into the Authorization header of what you send from here; it stays in this page.',
    groups: {
      key: 'For shops, with an API key',
      open: 'For anyone',
      member: 'For members of a company',
      operator: 'For staff of the provider',
      other: 'For other systems',
    },
    errors: 'Errors',
    tryRoute: 'Try it',
    send: 'Send',
    body: 'Body',
    query: 'Query',
    queryHint: 'name=value&name=value',
    answer: 'Answer',
    sending: 'Sending…',
    noAnswer: 'No answer.',
    needsScript: 'Trying routes needs JavaScript; reading does not.',
  },

  status: {
    lead: 'What answers right now is asked by your browser when you open this page. Incidents are written by people.',
    now: 'Now',
    checking: 'Asking…',
    up: 'Answers',
    down: 'Does not answer',
    unknown: 'Not asked yet; that needs JavaScript.',
    components: { api: 'API', catalogue: 'Tiers and registration', reference: 'API description', site: 'Site' },
    historyTitle: 'The last ninety days',
    historyNote: (day: string) => `By the incidents below, in UTC; written on ${day}.`,
    dayGood: 'no incident',
    dayBad: (minutes: string) => `${minutes} minutes of an incident`,
    incidentsTitle: 'Incidents',
    none: 'None were recorded.',
    impact: { degraded: 'Degraded', outage: 'Outage', maintenance: 'Maintenance' },
    open: 'not over yet',
  },

  changelog: { lead: 'What is not released yet stands on top. It is written in English.' },

  legal: {
    draft: 'Not a legal text yet',
    draftNote:
      'This page is a frame to be filled in. Words in brackets are placeholders; have somebody who knows the law of your country write it before you sell anything.',
    updated: 'Last changed: [date]',
    pages: {
      terms: [
        ['Who the contract is with', '[Company], [address], [register number].'],
        [
          'What is provided',
          'Recommendations and the collection of behaviour events as described on the pages of this site, in the tier that was chosen. [Availability that is promised.]',
        ],
        ['What it costs', 'The prices of the pricing page at the time of the order. [Payment terms, taxes.]'],
        [
          'How it ends',
          'By either side [notice]. A company that is deactivated can be brought back for 72 hours; then its data is deleted. [Refunds.]',
        ],
        ['Liability', '[To be written.]'],
        ['Law and place', '[Law that applies], [court].'],
      ],
      privacy: [
        ['Who is responsible', '[Company], [address], [contact for privacy].'],
        [
          'What is kept of people who sign in',
          'Address, role and membership of companies, and an audit log of what they changed. [Legal basis.]',
        ],
        [
          'What is kept of shoppers',
          'What shops send: an id of the shop’s own, items, what was done and when. We process it on the shop’s behalf; see the data processing agreement.',
        ],
        [
          'Cookies',
          'One, for staying signed in, which no script can read. None on public pages. Choices of language and theme are kept in the browser.',
        ],
        [
          'How long',
          'Events as long as the tier says; exports seven days; a deleted company’s data until 72 hours after the deletion began. [Backups.]',
        ],
        ['Who else gets it', 'Amazon Web Services [region], Stripe for payments. [Others.]'],
        ['Your rights', '[Access, correction, deletion, complaint: to be written.]'],
      ],
      'data-processing': [
        ['Parties', 'The company that registered is the controller, [Company] the processor.'],
        [
          'What is processed',
          'Behaviour events of shoppers under pseudonymous ids, for recommendations to these shoppers.',
        ],
        [
          'How it is protected',
          'Data of each company is reached only with credentials made for that company; it is encrypted at rest and in transit; every change by people is in an audit log that the company can read.',
        ],
        ['Sub-processors', 'Amazon Web Services [region]. [Others.]'],
        [
          'Deletion and return',
          'An export at any time; deletion of a shopper, and of everything when the company leaves, with a certificate.',
        ],
        ['Audits and incidents', '[Notice periods, contact.]'],
      ],
      imprint: [
        ['Company', '[Name and legal form]'],
        ['Address', '[Street, city, country]'],
        ['Contact', '[Mail address], [telephone]'],
        ['Represented by', '[Name]'],
        ['Register', '[Court and number], [tax number]'],
      ],
    } as Readonly<Record<'terms' | 'privacy' | 'data-processing' | 'imprint', readonly Pair[]>>,
  },
};

export type PublicWords = typeof publicEn;
