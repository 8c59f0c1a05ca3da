/** Makes DOM nodes. Text only ever becomes text nodes: nothing received is parsed as HTML. */

type Attributes = Readonly<Record<string, string>>;
type Child = Node | string;

export function element<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  made.append(...children);
  return made;
}

export function button(
  attributes: Attributes,
  onClick: (event: MouseEvent) => void,
  ...children: readonly Child[]
) {
  const made = element("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", onClick);
  return made;
}

/** Words for screen readers alone. */
export function unseen(text: string): HTMLElement {
  return element("span", { class: "unseen" }, text);
}

const SVG = "http://www.w3.org/2000/svg";

/** Outlines on a 24 × 24 grid, drawn for this widget. */
const ICONS = {
  chat: "M4 5.5h16v11h-9l-4.5 3.5v-3.5H4z M8.5 9.5h7 M8.5 12.7h4.5",
  close: "M6 6l12 12 M18 6L6 18",
  clear: "M5 7h14 M10 4h4 M7 7l.8 12.5h8.4L17 7 M10.3 10.5v5.5 M13.7 10.5v5.5",
  exit: "M13 4.5H5.5v15H13 M10.5 12H20 M16.5 8.5L20 12l-3.5 3.5",
  send: "M12 19V5.5 M6 11l6-6 6 6",
  alert: "M12 3.8L21 19.5H3z M12 10v4.5 M12 16.7v.6",
  phone:
    "M6 4h3.5l1.5 4.2-2 1.6a11.5 11.5 0 0 0 5.2 5.2l1.6-2L20 14.5V18a2 2 0 0 1-2 2A14 14 0 0 1 4 6a2 2 0 0 1 2-2z",
  receipt: "M6.5 3.5h11v17l-2.7-1.8-2.8 1.8-2.8-1.8-2.7 1.8z M9.5 8h5 M9.5 11.5h5",
} as const;

export function icon(name: keyof typeof ICONS): SVGSVGElement {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("viewBox", "0 0 24 24");
  svg.setAttribute("aria-hidden", "true");
  const path = document.createElementNS(SVG, "path");
  path.setAttribute("d", ICONS[name]);
  svg.append(path);
  return svg;
}
