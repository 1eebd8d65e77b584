/** Where the browser keeps what must survive a reload. The parts of `localStorage` that are used. */
export interface Storage {
  getItem(name: string): string | null;
  setItem(name: string, value: string): void;
  removeItem(name: string): void;
}

/** Keeps nothing beyond the page: for servers, and for browsers that refuse to store. */
export function memoryStorage(): Storage {
  const values = new Map<string, string>();
  return {
    getItem: (name) => values.get(name) ?? null,
    setItem: (name, value) => void values.set(name, value),
    removeItem: (name) => void values.delete(name),
  };
}

/** The browser's own storage; memory where there is none, or where it may not be used or is full. */
export function pageStorage(): Storage {
  const memory = memoryStorage();
  const guarded = <T>(use: (storage: Storage) => T): T => {
    try {
      return use(localStorage);
    } catch {
      return use(memory);
    }
  };
  return {
    getItem: (name) => guarded((storage) => storage.getItem(name)),
    setItem: (name, value) => guarded((storage) => storage.setItem(name, value)),
    removeItem: (name) => guarded((storage) => storage.removeItem(name)),
  };
}
