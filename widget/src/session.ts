/** Keeps the one thing the browser may know of a conversation: its opaque token, for as long as the tab lives. */

export interface TokenStore {
  read(): string | null;
  write(token: string): void;
  wipe(): void;
}

export type Storage = Pick<globalThis.Storage, "getItem" | "setItem" | "removeItem">;

/**
 * Return a token store over `storage`; where there is none, or it refuses, the token lives in memory alone.
 *
 * Args:
 *   storage: a function, because merely touching `sessionStorage` throws where a browser blocks it.
 *   server: the server's address; a token is only ever shown to the server that gave it.
 */
export function tokenStore(storage: () => Storage, server: string): TokenStore {
  const key = `admissions-chat:${server}`;
  let memory: string | null = null;

  function attempt<T>(action: (storage: Storage) => T): T | null {
    try {
      return action(storage());
    } catch {
      return null;
    }
  }

  return {
    read: () => memory ?? attempt((kept) => kept.getItem(key)),
    write(token) {
      memory = token;
      attempt((kept) => kept.setItem(key, token));
    },
    wipe() {
      memory = null;
      attempt((kept) => kept.removeItem(key));
    },
  };
}
