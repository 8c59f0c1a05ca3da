/** The top of the panel: what this is, and the ways out of it. */

import { button, element, icon } from "./dom";
import { strings } from "./strings";

export interface HeaderHandlers {
  exit(): void;
  clear(event: MouseEvent): void;
  /** Null where the panel cannot be closed because it is part of the page. */
  close: (() => void) | null;
}

export class Header {
  readonly element: HTMLElement;
  /** Names the panel for assistive technology. */
  readonly title: HTMLElement;
  /** Asks before clearing; it opens below the help strip, which never moves. */
  readonly question: HTMLElement;
  private readonly keep: HTMLElement;
  private readonly clearButton: HTMLElement;

  constructor(heading: string, handlers: HeaderHandlers) {
    this.title = element("h2", { id: "title", tabindex: "-1" }, heading);
    this.clearButton = button(
      {
        class: "tool",
        "aria-label": strings.header.clear,
        title: strings.header.clear,
        "aria-expanded": "false",
      },
      () => this.ask(this.question.hidden !== false),
      icon("clear"),
    );
    const bar = element(
      "div",
      { class: "bar" },
      element("div", { class: "names" }, this.title, element("p", {}, strings.automated)),
      button(
        { class: "exit", title: strings.header.exitHint },
        handlers.exit,
        icon("exit"),
        element("span", {}, strings.header.exit),
      ),
      this.clearButton,
    );
    if (handlers.close !== null) {
      const close = { class: "tool", "aria-label": strings.header.close, title: strings.header.close };
      bar.append(button(close, handlers.close, icon("close")));
    }

    this.keep = button({ class: "quiet" }, () => this.ask(false), strings.confirmClear.no);
    const yes = button(
      { class: "firm" },
      (event) => {
        this.ask(false);
        handlers.clear(event);
      },
      strings.confirmClear.yes,
    );
    this.question = element(
      "div",
      { class: "confirm", role: "group", "aria-labelledby": "confirm", hidden: "" },
      element("p", { id: "confirm" }, strings.confirmClear.question),
      element("div", { class: "answers" }, this.keep, yes),
    );
    // Not a <header>: inline on a page that would be a second banner landmark.
    this.element = element("div", { class: "header" }, bar);
    this.question.addEventListener("keydown", (event) => {
      if (event.key !== "Escape") return;
      event.preventDefault(); // or the dialog would close as well
      this.ask(false);
    });
  }

  private ask(on: boolean): void {
    this.question.hidden = !on;
    this.clearButton.setAttribute("aria-expanded", String(on));
    (on ? this.keep : this.clearButton).focus();
  }
}
