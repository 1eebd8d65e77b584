import { createStore, type Store } from '../store/store.ts';

/** A store that keeps nothing. */
export const memoryStore = (): Store =>
  createStore({
    rows: () => [],
    write: () => undefined,
    setting: () => undefined,
    set: () => undefined,
    close: () => undefined,
  });
