import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { ApiError } from './api/error.ts';
import { session } from './app.ts';
import { LanguageProvider, loadFirstLanguage } from './messages/context.tsx';
import { router } from './router.tsx';
import './styles.css';

const client = new QueryClient({
  defaultOptions: {
    queries: {
      // What the API refuses stays refused; what did not arrive may arrive the next time.
      retry: (count, error) => count < 2 && (!(error instanceof ApiError) || error.status === 0 || error.status >= 500),
      throwOnError: (error) => {
        if (error instanceof ApiError && error.status === 401) void session.start('login', window.location.pathname);
        return false;
      },
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('The page has no place for the site.');
const first = await loadFirstLanguage();
createRoot(root).render(
  <StrictMode>
    <LanguageProvider first={first}>
      <QueryClientProvider client={client}>
        <RouterProvider router={router} />
      </QueryClientProvider>
    </LanguageProvider>
  </StrictMode>,
);
