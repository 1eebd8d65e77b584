import { onlineManager, type QueryClient } from '@tanstack/react-query';

/** Resolves once no query is under way. */
function nothingUnderWay(client: QueryClient): Promise<void> {
  return new Promise((resolve) => {
    const look = () => {
      if (client.isFetching() > 0) return;
      stop();
      resolve();
    };
    const stop = client.getQueryCache().subscribe(look);
    look();
  });
}

/**
 * Takes a permission away from the pages that are open: lets end what they have asked for, and lets them ask for nothing more, as without a network.
 * They go on asking only if it fails; afterwards the site has to be opened anew.
 */
export async function withNothingAsked<Result>(client: QueryClient, take: () => Promise<Result>): Promise<Result> {
  onlineManager.setOnline(false);
  try {
    await nothingUnderWay(client);
    return await take();
  } catch (error) {
    onlineManager.setOnline(true);
    throw error;
  }
}
