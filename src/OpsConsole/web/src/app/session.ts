import { Store } from './store';

export type Session = { token: string; userId: string; expiresAt: number };

// In memory only: closing or reloading the page signs out, and no script finds a token in a storage.
const session = new Store<Session | undefined>(undefined);

export const token = (): string | undefined => session.get()?.token;
export const useSession = session.use;
export const signIn = session.set;
export const signOut = (): void => session.set(undefined);

/** Whether the server issues tokens to whoever asks: the embedded default. */
export const isOneClick = document.querySelector('meta[name="doa-sign-in"]')?.getAttribute('content') !== 'token';

/** Reads a token's user, role and end; undefined when it is none. It is the server that checks it. */
export function claimsOf(token: string): { sub?: string; role?: string; exp?: number } | undefined {
  try {
    const part = token.split('.')[1] ?? '';
    return JSON.parse(atob(part.replace(/-/g, '+').replace(/_/g, '/'))) as { sub?: string; role?: string; exp?: number };
  } catch {
    return undefined;
  }
}
