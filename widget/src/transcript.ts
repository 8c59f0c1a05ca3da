/** The visible log of the conversation. It never takes the focus and never speaks: the announcer does that. */

import { lifelines, offlineCard } from "./cards";
import { button, element } from "./dom";
import { answerBubble, visitorBubble } from "./message-view";
import type { Button, Message, Outgoing } from "./protocol";
import { strings } from "./strings";
import type { Failure } from "./transport";

/** This near to the end, in pixels, the visitor is reading the newest words. */
const NEAR_END_PX = 80;

export interface TranscriptHandlers {
  choose(chosen: Button, event: MouseEvent): void;
  retry(event: MouseEvent): void;
  reconnect(event: MouseEvent): void;
}

export class Transcript {
  readonly element: HTMLElement;
  private readonly list = element("ol");
  private readonly typing = element("li", { class: "typing", hidden: "" });
  private readonly connecting = element("li", { class: "notice", hidden: "" });
  private readonly outgoing = new Map<string, HTMLElement>();
  private readonly answers = new Map<Message, HTMLElement>();
  private choices: HTMLElement | null = null;
  private trouble: HTMLElement | null = null;

  constructor(
    private readonly handlers: TranscriptHandlers,
    private readonly phone: () => string | null,
  ) {
    this.typing.append(
      element(
        "span",
        { class: "bubble dots", role: "img", "aria-label": strings.transcript.typing },
        element("i"),
        element("i"),
        element("i"),
      ),
    );
    this.connecting.append(element("p", {}, strings.transcript.connecting));
    this.list.append(this.connecting, this.typing);
    // Focusable so that the keyboard can scroll it.
    this.element = element(
      "section",
      { class: "transcript", tabindex: "0", "aria-label": strings.transcript.label },
      this.list,
    );
  }

  clear(): void {
    this.outgoing.clear();
    this.answers.clear();
    this.choices = null;
    this.trouble = null;
    this.list.replaceChildren(this.connecting, this.typing);
    this.typing.hidden = true;
  }

  setConnecting(on: boolean): void {
    if (on) this.settle();
    this.connecting.hidden = !on;
  }

  setWaiting(on: boolean): void {
    this.typing.hidden = !on;
    if (on) this.toEnd();
  }

  /** Put the conversation so far before whatever was said since the page was opened. */
  restore(messages: readonly Message[]): void {
    this.settle();
    const items = messages.map((message) => this.item(message));
    this.list.prepend(...items);
    const lastVisitor = messages.map(({ from }) => from).lastIndexOf("visitor");
    if (this.outgoing.size === 0) this.offer(messages.slice(lastVisitor + 1), items.slice(lastVisitor + 1));
    this.toEnd();
  }

  /** Add answers; the first of them comes into view from its beginning. */
  receive(messages: readonly Message[]): void {
    const following = this.nearEnd();
    const items = messages.map((message) => this.item(message));
    for (const item of items) this.add(item);
    this.offer(messages, items);
    this.typing.hidden = true;
    if (following && items[0] !== undefined) this.showFrom(items[0]);
  }

  /** Show the visitor's words at once; saying them again after a failure uses the same place. */
  say({ id, text }: Outgoing): void {
    this.withdrawChoices();
    const item = this.outgoing.get(id) ?? element("li", { class: "visitor" }, visitorBubble(text));
    this.settle();
    this.outgoing.set(id, item);
    item.classList.remove("failed");
    item.querySelector(".delivery")?.remove();
    this.add(item);
    this.toEnd();
  }

  delivered(id: string): void {
    this.outgoing.delete(id);
  }

  /** Mark messages as not delivered, with a way to retry, and offer the help that needs no server. */
  fail(ids: readonly string[], failure: Failure): void {
    for (const id of ids) {
      const item = this.outgoing.get(id);
      if (item === undefined || item.classList.contains("failed")) continue;
      item.classList.add("failed");
      item.append(
        element(
          "div",
          { class: "delivery" },
          element("span", {}, strings.transcript.notDelivered),
          button({ class: "retry" }, (event) => this.handlers.retry(event), strings.transcript.retry),
        ),
      );
    }
    this.help(
      element(
        "div",
        { class: "card offline" },
        element("p", {}, strings.failure[failure]),
        lifelines(this.phone()),
      ),
    );
  }

  unreachable(): void {
    this.help(offlineCard(this.phone(), (event) => this.handlers.reconnect(event)));
  }

  notice(text: string): void {
    this.add(element("li", { class: "notice" }, element("p", {}, text)));
    this.toEnd();
  }

  /** Show the answers once more, because what is known of the centre's phone changed and it is a link in them. */
  relink(): void {
    for (const [message, bubble] of this.answers) {
      const again = answerBubble(message, this.phone());
      bubble.replaceWith(again);
      this.answers.set(message, again);
    }
  }

  /** Take back the help card once the server answers again. */
  settle(): void {
    this.trouble?.remove();
    this.trouble = null;
  }

  private help(card: HTMLElement): void {
    this.settle();
    this.trouble = element("li", { class: "bot" }, card);
    this.add(this.trouble);
    this.toEnd();
  }

  private item(message: Message): HTMLElement {
    if (message.from === "visitor") return element("li", { class: "visitor" }, visitorBubble(message.text));
    const bubble = answerBubble(message, this.phone());
    this.answers.set(message, bubble);
    return element("li", { class: "bot" }, bubble);
  }

  private add(item: HTMLElement): void {
    this.list.insertBefore(item, this.connecting);
  }

  /** Make quick replies of the newest buttons among the messages. */
  private offer(messages: readonly Message[], items: readonly HTMLElement[]): void {
    const newest = messages.map(({ buttons }) => buttons.length > 0).lastIndexOf(true);
    const buttons = messages[newest]?.buttons;
    if (buttons === undefined) return;
    this.withdrawChoices();
    this.choices = element("div", {
      class: "choices",
      role: "group",
      "aria-label": strings.transcript.choices,
    });
    for (const offered of buttons) {
      this.choices.append(
        button(
          { class: "choice", dir: "auto" },
          (event) => this.handlers.choose(offered, event),
          offered.title,
        ),
      );
    }
    items[newest]?.append(this.choices);
  }

  private withdrawChoices(): void {
    this.choices?.remove();
    this.choices = null;
  }

  private nearEnd(): boolean {
    const { scrollHeight, scrollTop, clientHeight } = this.element;
    return scrollHeight - scrollTop - clientHeight < NEAR_END_PX;
  }

  private toEnd(): void {
    this.element.scrollTop = this.element.scrollHeight;
  }

  /** Scroll so that the item's beginning is visible and as much after it as fits. */
  private showFrom(item: HTMLElement): void {
    const top = item.getBoundingClientRect().top - this.element.getBoundingClientRect().top;
    this.element.scrollTop = Math.min(this.element.scrollTop + top - 12, this.element.scrollHeight);
  }
}
