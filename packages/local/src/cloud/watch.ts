import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';

/** Editors save in several steps. */
const SETTLE_MS = 150;

/** Calls back when sources of functions, or of the infrastructure program, were saved. @returns what stops it. */
export function watchSources(
  root: string,
  on: { readonly functions: () => void | Promise<void>; readonly program: () => void },
): () => void {
  const timers = new Map<string, NodeJS.Timeout>();
  const soon = (name: 'functions' | 'program') => (): void => {
    clearTimeout(timers.get(name));
    timers.set(
      name,
      setTimeout(() => void on[name](), SETTLE_MS),
    );
  };
  const watchers = [
    ...['functions', 'core', 'recommender'].map((name) => ({
      path: join(root, 'packages', name, 'src'),
      what: 'functions' as const,
    })),
    { path: join(root, 'stacks'), what: 'program' as const },
  ]
    .filter(({ path }) => existsSync(path))
    .map(({ path, what }) => watch(path, { recursive: true }, soon(what)));
  return () => {
    for (const timer of timers.values()) clearTimeout(timer);
    for (const watcher of watchers) watcher.close();
  };
}
