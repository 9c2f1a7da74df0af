import { QueryClient } from '@tanstack/react-query';
import { ApiError } from '../api/client';

/** What was asked for is kept for a moment; what the server refuses is not asked again, what fails is. */
export const queries = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retryDelay: (failures) => 500 * 2 ** failures,
      retry: (failures, error) => failures < 3 && !(error instanceof ApiError && error.status < 500),
    },
  },
});
