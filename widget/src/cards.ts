/** The help that must be there when nothing else is: built from the bundle, without the network. */

import { button, element, icon, unseen } from "./dom";
import { parseProse, telephone } from "./prose";
import { proseNodes } from "./prose-nodes";
import type { Status } from "./protocol";
import { strings } from "./strings";

export const NOBODY_KNOWN: Status = { open: null, opensAt: null, phone: null };

/** Large buttons to call or text for help, and to call admissions where a phone is known. */
export function lifelines(phone: string | null): HTMLElement {
  const row = element(
    "div",
    { class: "lifelines" },
    element("a", { href: "tel:911" }, strings.emergency.call911),
    element("a", { href: "tel:988" }, strings.emergency.call988),
    element("a", { href: "sms:988" }, strings.emergency.text988),
  );
  if (phone !== null) {
    row.append(
      element(
        "a",
        { href: telephone(phone), class: "wide" },
        icon("phone"),
        strings.emergency.callAdmissions(phone),
      ),
    );
  }
  return row;
}

/** What stands in for the chat while its server cannot be reached. */
export function offlineCard(phone: string | null, onAgain: (event: MouseEvent) => void): HTMLElement {
  return element(
    "div",
    { class: "card offline" },
    element("h3", {}, strings.offline.heading),
    ...proseNodes(parseProse(strings.offline.text, phone)),
    lifelines(phone),
    button({ class: "choice" }, onAgain, strings.offline.again),
  );
}

/** The strip under the header: the same help in the same place, whatever the chat is doing. */
export class HelpStrip {
  readonly element = element("nav", { class: "help", "aria-label": strings.help.label });

  constructor() {
    this.show(NOBODY_KNOWN);
  }

  show({ phone }: Status): void {
    const { danger, dangerCall, crisis, crisisCall, admissions } = strings.help;
    this.element.replaceChildren(entry("tel:911", danger, dangerCall), entry("tel:988", crisis, crisisCall));
    if (phone !== null) {
      this.element.append(entry(telephone(phone), admissions, phone));
    }
  }
}

function entry(href: string, label: string, action: string): HTMLElement {
  return element("a", { href }, element("span", {}, label), unseen(" "), element("strong", {}, action));
}
