/** Makes DOM nodes of parsed prose. */

import { element } from "./dom";
import type { Block, Line } from "./prose";

function lineNodes(line: Line): Node[] {
  return line.map(({ text, href }) => {
    if (href === null) return document.createTextNode(text);
    const elsewhere = href.startsWith("https:") ? { target: "_blank", rel: "noopener noreferrer" } : {};
    return element("a", { href, ...elsewhere }, text);
  });
}

function blockNode(block: Block): HTMLElement {
  if (block.kind === "list") {
    return element("ul", {}, ...block.items.map((item) => element("li", {}, ...lineNodes(item))));
  }
  const paragraph = element("p");
  block.lines.forEach((line, index) => {
    if (index > 0) paragraph.append(element("br"));
    paragraph.append(...lineNodes(line));
  });
  return paragraph;
}

export function proseNodes(blocks: readonly Block[]): HTMLElement[] {
  return blocks.map(blockNode);
}
