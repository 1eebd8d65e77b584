import { createPost } from './api.ts';
import { TenantryError } from './error.ts';
import { newEventId } from './event-id.ts';
import { createQueue, type QueuedEvent } from './queue.ts';
import { createSender } from './sender.ts';
import { memoryStorage, pageStorage, type Storage } from './storage.ts';

export { TenantryError } from './error.ts';
export type { QueuedEvent } from './queue.ts';
export type { Storage } from './storage.ts';

export interface Options {
  /** A publishable key (`pk_…`) in a page; a secret one (`sk_…`) on a server alone. */
  readonly key: string;
  /** Where the API answers, such as `https://app.example.com`. */
  readonly url: string;
  /** Who is shopping, by the shop's own opaque id; an anonymous id unless given. Servers name it with each call. */
  readonly shopperId?: string;
  /** `false`: no event is sent and nothing stored until `setConsent(true)`; lists are asked for without saying for whom. */
  readonly consent?: boolean;
  /** Told of what did not work, and of events that were given up for it. */
  readonly onError?: (error: TenantryError, lost: readonly QueuedEvent[]) => void;
  /** Events wait for others so long; 2,000 ms unless given. */
  readonly waitMs?: number;
  /** Sent at once when so many wait; 20 unless given. */
  readonly batchSize?: number;
  /** More than these are not kept while the API cannot be reached; the oldest go. 500 unless given. */
  readonly queueMax?: number;
  /** The first wait after a failure; 1,000 ms unless given. Doubled each time, up to a minute. */
  readonly backOffMs?: number;
  /** A request is given up after this time; 5,000 ms unless given. */
  readonly timeoutMs?: number;
  readonly storage?: Storage;
  readonly fetch?: typeof fetch;
}

export interface TrackedEvent {
  readonly itemId: string;
  readonly type: 'view' | 'cart' | 'purchase';
  readonly shopperId?: string;
  readonly sessionId?: string;
}

export type Scenario =
  | 'personal'
  | 'similar'
  | 'bought-together'
  | 'cart'
  | 'trending'
  | 'bestsellers'
  | 'recently-viewed';

export interface RecommendOptions {
  readonly shopperId?: string;
  /** What the list is for; `personal` unless given. */
  readonly scenario?: Scenario;
  /** The item that `similar` and `bought-together` are about. */
  readonly itemId?: string;
  /** The items that `cart` is about. */
  readonly cart?: readonly string[];
  /** 1 to 100; 20 unless given. */
  readonly limit?: number;
  /** `nextOffset` of the page before. */
  readonly offset?: number;
  /** Items that must not be in the list. */
  readonly exclude?: readonly string[];
  /** Leaves out what the shopper bought lately. */
  readonly excludePurchased?: boolean;
}

export interface RecommendedItem {
  readonly itemId: string;
  readonly score: number;
  readonly reason: string;
  /** What the shopper saw, or the list is about, that speaks most for it. */
  readonly because?: string;
}

export interface Recommendation {
  readonly recommendationId: string;
  readonly modelVersion: string;
  readonly servedBy: 'pool' | 'silo';
  readonly items: readonly RecommendedItem[];
  /** `offset` of the next page; null at the end of the list. */
  readonly nextOffset: number | null;
  /** Of the experiment that chose how the list was made; `none` outside of any. */
  readonly variant: string;
}

/** A list that a shopper was given. */
export interface Given {
  readonly recommendationId: string;
  readonly shopperId?: string;
}

export interface Client {
  /** Puts an event on its way; it is sent with others in a moment. @returns the event's id, or undefined without consent */
  track(event: TrackedEvent): string | undefined;
  /** @throws {TenantryError} so that the shop can show what it would show without recommendations */
  recommend(options?: RecommendOptions): Promise<Recommendation>;
  /** The list was seen. @throws {TenantryError} */
  shown(list: Given): Promise<void>;
  /** An item of the list was clicked. @throws {TenantryError} */
  clicked(list: Given, itemId: string): Promise<void>;
  /** The shopper signed in: what follows is theirs. */
  identify(shopperId: string): void;
  /** `false` forgets what waits and the anonymous id, and sends nothing from then on. */
  setConsent(consent: boolean): void;
  /** Sends what waits now. */
  flush(): Promise<void>;
  /** Stops sending; what waits is found again by the next page. */
  close(): void;
}

const ANONYMOUS = 'tenantry.shopper';
const newAnonymousId = (): string => `anon_${crypto.randomUUID()}`;

/** Starts the SDK. Nothing of it needs a cookie, and nothing is told to third parties. */
export function init(options: Options): Client {
  const { key, url, waitMs = 2000, batchSize = 20, queueMax = 500, backOffMs = 1000, timeoutMs = 5000 } = options;
  if (!/^[ps]k_/.test(key)) throw new TypeError('key: must be an API key, pk_… or sk_…');
  const inPage = typeof document !== 'undefined';
  if (inPage && key.startsWith('sk_'))
    throw new TypeError('key: a secret key must never be in a page; use a publishable one');
  const storage = options.storage ?? (inPage ? pageStorage() : memoryStorage());
  const post = createPost({ key, url: new URL(url).origin, timeoutMs, fetch: options.fetch ?? fetch.bind(globalThis) });
  const queue = createQueue(storage, queueMax);
  const onError: NonNullable<Options['onError']> = (error, lost) => {
    try {
      options.onError?.(error, lost);
    } catch {
      // Events must go on whatever becomes of the telling.
    }
  };
  const sender = createSender({ queue, post, waitMs, batchSize, backOffMs, backOffMaxMs: 60_000, onError });
  let consent = options.consent ?? true;
  let known = options.shopperId;

  function anonymous(): string {
    const kept = storage.getItem(ANONYMOUS);
    if (kept) return kept;
    const made = newAnonymousId();
    storage.setItem(ANONYMOUS, made);
    return made;
  }

  function shopperOf(given: string | undefined): string {
    // Who did not agree is somebody else in each call, unless the shop says otherwise in it.
    if (!consent) return given ?? newAnonymousId();
    const shopper = given ?? known ?? (inPage ? anonymous() : undefined);
    if (!shopper) throw new TypeError('shopperId: a server must say who is shopping');
    return shopper;
  }

  async function feedback({ recommendationId, shopperId }: Given, what: object): Promise<void> {
    if (!consent) return;
    const entry = { ...what, recommendationId, shopperId: shopperOf(shopperId) };
    // The click may lead to another page at once.
    await post('feedback', { feedback: [entry] }, { leaving: true });
  }

  const leave = () => {
    if (consent && document.visibilityState === 'hidden') sender.leave();
  };
  if (inPage) addEventListener('visibilitychange', leave, true);
  if (consent) sender.wake();

  return {
    track({ shopperId, ...event }) {
      if (!consent) return undefined;
      const id = newEventId(Date.now());
      const dropped = queue.add({ ...event, id, shopperId: shopperOf(shopperId) });
      if (dropped.length > 0) {
        onError(new TenantryError('Too many events wait to be sent.', { status: 0, code: 'queue_full' }), dropped);
      }
      sender.wake();
      return id;
    },
    recommend: ({ shopperId, ...request } = {}) =>
      post('recommendations', { ...request, shopperId: shopperOf(shopperId) }) as Promise<Recommendation>,
    shown: (list) => feedback(list, { type: 'impression' }),
    clicked: (list, itemId) => feedback(list, { type: 'click', itemId }),
    identify(shopperId) {
      known = shopperId;
    },
    setConsent(given) {
      consent = given;
      if (given) return sender.wake();
      queue.clear();
      storage.removeItem(ANONYMOUS);
      known = undefined;
    },
    flush: () => (consent ? sender.flush() : Promise.resolve()),
    close() {
      sender.stop();
      if (inPage) removeEventListener('visibilitychange', leave, true);
    },
  };
}
