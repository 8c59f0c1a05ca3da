/** Shows one message in the manner of its kind. */

import { lifelines } from "./cards";
import { element, icon, unseen } from "./dom";
import { parseProse } from "./prose";
import { proseNodes } from "./prose-nodes";
import type { Message } from "./protocol";
import { strings } from "./strings";
import { parseTable, type Table } from "./table";

/** The bubble of something the visitor said: plain words, nothing in them becomes a link. */
export function visitorBubble(text: string): HTMLElement {
  return element(
    "div",
    { class: "bubble", dir: "auto" },
    unseen(`${strings.transcript.you} `),
    element("p", { class: "as-written" }, text),
  );
}

/** The bubble or card of something the assistant or a person of the team said. */
export function answerBubble(message: Message, phone: string | null): HTMLElement {
  const staff = message.from === "staff";
  const shape = message.kind === "emergency" || message.kind === "receipt" ? "card" : "bubble";
  const box = element(
    "div",
    { class: `${shape} is-${message.kind}`, dir: "auto" },
    unseen(`${staff ? strings.transcript.staff : strings.transcript.assistant} `),
  );
  if (staff) box.append(element("p", { class: "name", "aria-hidden": "true" }, strings.transcript.staffName));
  if (message.kind === "emergency") box.append(cardHeading("alert", strings.emergency.heading));
  if (message.kind === "receipt") box.append(cardHeading("receipt", strings.receipt.heading));
  box.append(...body(message, phone));
  if (message.kind === "emergency") box.append(lifelines(phone));
  if (message.source !== null) {
    box.append(element("p", { class: "source" }, strings.transcript.source(message.source)));
  }
  return box;
}

function cardHeading(name: "alert" | "receipt", text: string): HTMLElement {
  return element("h3", {}, icon(name), text);
}

function body({ kind, text }: Message, phone: string | null): HTMLElement[] {
  const table = kind === "table" ? parseTable(text) : null;
  if (table === null) return proseNodes(parseProse(text, phone));
  return [
    ...proseNodes(parseProse(table.before, phone)),
    tableNode(table),
    ...proseNodes(parseProse(table.after, phone)),
  ];
}

/** Below this many columns a table fits a phone; from here on narrow panels show it row by row. */
const WIDE_COLUMNS = 4;

/** The roles repeat what the tags say, because a table laid out in another way loses its meaning in some browsers. */
function tableNode({ head, rows, before }: Table): HTMLElement {
  const headings = head.map((cell) => element("th", { scope: "col", role: "columnheader" }, cell));
  const lines = rows.map(([first = "", ...rest]) =>
    element(
      "tr",
      { role: "row" },
      element("th", { scope: "row", role: "rowheader" }, first),
      ...rest.map((cell, index) =>
        element("td", { role: "cell", "data-label": head[index + 1] ?? "" }, cell),
      ),
    ),
  );
  const table = element(
    "table",
    {
      role: "table",
      "aria-label": before || head.join(", "),
      class: head.length >= WIDE_COLUMNS ? "wide" : "",
    },
    element("thead", { role: "rowgroup" }, element("tr", { role: "row" }, ...headings)),
    element("tbody", { role: "rowgroup" }, ...lines),
  );
  return element("div", { class: "table" }, table);
}

/** What a screen reader hears when the message arrives. */
export function spoken(message: Message): string {
  const choices = message.buttons.map(({ title }) => title).join(", ");
  return choices === "" ? message.text : `${message.text} ${strings.announce.choices(choices)}`;
}
