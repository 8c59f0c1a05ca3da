/**
 * Speaks to screen readers from regions of its own, apart from the visible transcript,
 * so that each new message is heard once and history never.
 */

import { element } from "./dom";

/** Screen readers lose words that vanish within about 100 ms; after this long they have taken them over. */
const KEEP_MS = 3_000;

export class Announcer {
  readonly element: HTMLElement;
  private readonly calm = element("div", {
    role: "log",
    "aria-live": "polite",
    "aria-relevant": "additions",
  });
  private readonly urgent = element("div", { role: "alert", "aria-atomic": "false" });

  constructor() {
    this.element = element("div", { class: "unseen" }, this.calm, this.urgent);
  }

  /** Say it when the listener is free; an emergency interrupts. */
  say(text: string, emergency = false): void {
    const words = element("p", {}, text);
    (emergency ? this.urgent : this.calm).append(words);
    setTimeout(() => words.remove(), KEEP_MS);
  }
}
