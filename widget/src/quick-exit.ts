/** Leaving at once, for someone who must not be seen here. */

/** Neutral, quick to load, and likely to be in anybody's history. */
const DEFAULT_EXIT = "https://www.wikipedia.org/";

const ESCAPES = 3;
/** Three presses within this time are meant as an exit, not as closing one thing after another. */
const WITHIN_MS = 1_500;

/** Return the address to leave for: the wish of the page if it is a web address, else a neutral one. */
export function exitAddress(wish: string | null, base: string): string {
  try {
    const address = new URL(wish ?? DEFAULT_EXIT, base);
    return /^https?:$/.test(address.protocol) ? address.href : DEFAULT_EXIT;
  } catch {
    return DEFAULT_EXIT;
  }
}

/** Return a function that takes the time of each Escape, in milliseconds, and says when it was the third in a row. */
export function escapeCounter(): (now: number) => boolean {
  let presses: number[] = [];
  return (now) => {
    presses = [...presses.filter((press) => now - press < WITHIN_MS), now];
    return presses.length >= ESCAPES;
  };
}
