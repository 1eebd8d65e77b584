import { type Client, init, type Recommendation, type RecommendOptions } from '@tenantry/sdk';
import { useSyncExternalStore } from 'react';

/** One call of the shop, for the panel that shows what goes on. */
export interface ShopCall {
  readonly id: number;
  readonly at: Date;
  readonly kind: 'sent' | 'asked' | 'failed';
  /** Of the event, or of the list. */
  readonly name: string;
  readonly itemId?: string;
  /** Of a list: how it came. */
  readonly list?: { readonly items: number; readonly milliseconds: number; readonly modelVersion: string };
  readonly reason?: string;
}

const CALLS_SHOWN = 14;
const KEY = 'tenantry.demo-shop.key';

/** The publishable key that the page was opened with, in this window. */
export function shopKey(given: string | undefined): string | undefined {
  if (given && /^pk_[\w-]{1,100}$/.test(given)) sessionStorage.setItem(KEY, given);
  return sessionStorage.getItem(KEY) ?? undefined;
}

export const forgetShopKey = (): void => sessionStorage.removeItem(KEY);

export type EventType = 'view' | 'cart' | 'purchase';

/** The demo shop's way to the API: the same SDK that a shop installs, with a record of its calls. */
export class Shop {
  readonly #client: Client;
  readonly #listeners = new Set<() => void>();
  #calls: readonly ShopCall[] = [];
  #serial = 0;

  constructor(key: string) {
    this.#client = init({
      key,
      url: window.location.origin,
      waitMs: 0,
      onError: (error) => this.#record({ kind: 'failed', name: 'events', reason: error.message }),
    });
  }

  get calls(): readonly ShopCall[] {
    return this.#calls;
  }

  subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener);
    return () => this.#listeners.delete(listener);
  };

  #record(call: Omit<ShopCall, 'id' | 'at'>): void {
    this.#serial += 1;
    this.#calls = [{ ...call, id: this.#serial, at: new Date() }, ...this.#calls].slice(0, CALLS_SHOWN);
    for (const listener of this.#listeners) listener();
  }

  /** Sends what the shopper did; the next list knows of it. */
  async did(type: EventType, itemId: string): Promise<void> {
    this.#client.track({ type, itemId });
    this.#record({ kind: 'sent', name: type, itemId });
    await this.#client.flush();
  }

  async list(options: RecommendOptions): Promise<Recommendation> {
    const name = options.scenario ?? 'personal';
    const started = performance.now();
    try {
      const found = await this.#client.recommend(options);
      const milliseconds = Math.round(performance.now() - started);
      this.#record({
        kind: 'asked',
        name,
        list: { items: found.items.length, milliseconds, modelVersion: found.modelVersion },
      });
      return found;
    } catch (error) {
      this.#record({ kind: 'failed', name, reason: error instanceof Error ? error.message : String(error) });
      throw error;
    }
  }

  /** From now on somebody else is shopping. */
  another(): void {
    this.#client.identify(`visitor-${crypto.randomUUID()}`);
    this.#calls = [];
    this.#record({ kind: 'sent', name: 'shopper' });
  }
}

export const useShopCalls = (shop: Shop): readonly ShopCall[] => useSyncExternalStore(shop.subscribe, () => shop.calls);
