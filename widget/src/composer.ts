/** Where the visitor writes. Enter sends, Shift+Enter makes a new line, and a half-composed word is never sent. */

import { button, element, icon } from "./dom";
import { strings } from "./strings";

/** From here on the server asks for the main question instead of answering; nothing is cut off. */
const SOFT_LIMIT = 2_000;
/** The count is kept out of the way until it matters. */
const SHOW_COUNT_FROM = 1_800;
const MAX_ROWS = 5;

export class Composer {
  readonly element: HTMLFormElement;
  private readonly input = element("textarea", {
    rows: "1",
    autocomplete: "off",
    enterkeyhint: "send",
    placeholder: strings.composer.placeholder,
    "aria-label": strings.composer.label,
    "aria-describedby": "count",
    dir: "auto",
  });
  private readonly count = element("p", { class: "count", id: "count", hidden: "" });

  /**
   * Args:
   *   onSend: given the trimmed words, never empty.
   *   onLimit: told once when the words pass the soft limit, with the sentence to speak.
   */
  constructor(
    private readonly onSend: (text: string) => void,
    private readonly onLimit: (text: string) => void,
  ) {
    const send = button(
      { class: "send", "aria-label": strings.composer.send },
      () => this.submit(),
      icon("send"),
    );
    this.element = element(
      "form",
      { class: "composer", tabindex: "-1", "aria-label": strings.composer.label },
      this.count,
      element("div", { class: "field" }, this.input, send),
    );
    this.element.addEventListener("submit", (event) => event.preventDefault());
    this.input.addEventListener("input", () => this.follow());
    this.input.addEventListener("keydown", (event) => this.onKey(event));
  }

  /**
   * Move the focus here, in answer to a gesture of the visitor.
   *
   * Args:
   *   byTouch: then the field itself is left alone, or the phone's keyboard would cover the answer.
   */
  focus(byTouch: boolean): void {
    (byTouch ? this.element : this.input).focus({ preventScroll: true });
  }

  clear(): void {
    this.input.value = "";
    this.follow();
  }

  private onKey(event: KeyboardEvent): void {
    // keyCode 229: Safari ends the composition before the Enter that confirmed it arrives.
    if (event.key !== "Enter" || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.submit();
  }

  private submit(): void {
    const text = this.input.value.trim();
    if (text !== "") {
      this.clear();
      this.onSend(text);
    }
    this.input.focus();
  }

  /** Let the field grow with its words and say how many more there may be. */
  private follow(): void {
    this.input.rows = 1;
    const line = Number.parseFloat(getComputedStyle(this.input).lineHeight);
    const padding = this.input.clientHeight - line;
    const rows = Math.round((this.input.scrollHeight - padding) / line);
    this.input.rows = Math.min(MAX_ROWS, Math.max(1, rows || 1));

    const length = this.input.value.length;
    const wasOver = this.element.classList.contains("over");
    this.element.classList.toggle("over", length > SOFT_LIMIT);
    this.count.hidden = length < SHOW_COUNT_FROM;
    this.count.textContent =
      length > SOFT_LIMIT
        ? strings.composer.over(length - SOFT_LIMIT)
        : strings.composer.left(SOFT_LIMIT - length);
    if (length > SOFT_LIMIT && !wasOver) this.onLimit(this.count.textContent);
  }
}
