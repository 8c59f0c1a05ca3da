/**
 * Registration. One script tag is enough: where the page has no `<admissions-chat>` of its own, one is added,
 * with the script tag's `data-` attributes as its attributes (`data-manual` leaves the page alone).
 */

import { AdmissionsChat } from "./admissions-chat";

const NAME = "admissions-chat";
const script = document.currentScript instanceof HTMLScriptElement ? document.currentScript : null;

function addElement(options: DOMStringMap): void {
  if (document.querySelector(NAME) !== null) return;
  const chat = document.createElement(NAME);
  for (const [key, value] of Object.entries(options)) {
    const attribute = key.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
    chat.setAttribute(attribute, value ?? "");
  }
  document.body.append(chat);
}

// A page may hold the script twice; the first one wins.
if (customElements.get(NAME) === undefined) {
  // The script is served at <server>/widget/admissions-chat.js.
  if (script?.src) AdmissionsChat.defaultServer = new URL("..", script.src).href;
  customElements.define(NAME, AdmissionsChat);
  if (script !== null && script.dataset["manual"] === undefined) {
    const { dataset } = script;
    if (document.readyState === "loading") {
      document.addEventListener("DOMContentLoaded", () => addElement(dataset), { once: true });
    } else addElement(dataset);
  }
}
