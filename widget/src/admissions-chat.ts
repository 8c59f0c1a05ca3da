/** The element: its life on the page, its opening and closing. What is said is the conversation's matter. */

import { Announcer } from "./announcer";
import { ChatView } from "./chat-view";
import { Composer } from "./composer";
import { Conversation } from "./conversation";
import { button, element, icon } from "./dom";
import { Header } from "./header";
import { newMessageId } from "./message-id";
import { escapeCounter, exitAddress } from "./quick-exit";
import { tokenStore } from "./session";
import { strings } from "./strings";
import { applyStyles, ViewportHeight } from "./styles";
import { Transport, type Visit } from "./transport";

/** On screens this small the panel covers the page, and the page is out of reach while it does. */
const SHEET = "(max-width: 520px), (max-height: 420px)";

export class AdmissionsChat extends HTMLElement {
  /** Address of the server where the `server` attribute names none: the one the script came from. */
  static defaultServer = "/";

  private readonly announcer = new Announcer();
  private readonly viewport = new ViewportHeight();
  private readonly escapes = escapeCounter();
  private readonly root = this.attachShadow({ mode: "open" });
  private readonly launcher = button(
    { class: "launcher", lang: "en", "aria-haspopup": "dialog" },
    (event) => this.open(event),
    icon("chat"),
  );
  private readonly dialog = element("dialog", { class: "panel", lang: "en", "aria-labelledby": "title" });
  private readonly composer = new Composer(
    (text) => this.conversation.send({ id: newMessageId(), text, payload: null }),
    (text) => this.announcer.say(text),
  );
  private readonly view = new ChatView(this.announcer, {
    choose: ({ title, payload }, event) => {
      this.conversation.send({ id: newMessageId(), text: title, payload });
      this.composer.focus(byTouch(event));
    },
    retry: (event) => {
      this.conversation.retry();
      this.composer.focus(byTouch(event));
    },
    reconnect: (event) => {
      void this.conversation.connect();
      this.composer.focus(byTouch(event));
    },
  });
  private header!: Header;
  private conversation!: Conversation;
  /** Undoes what the element did outside itself. */
  private connected = new AbortController();

  connectedCallback(): void {
    if (this.root.childElementCount === 0) this.build();
    this.connected = new AbortController();
    const { signal } = this.connected;
    document.addEventListener("keydown", (event) => this.onDocumentKey(event), { signal, capture: true });
    matchMedia(SHEET).addEventListener("change", () => this.refit(), { signal });
    this.viewport.follow(signal);
    if (this.inline) void this.conversation.connect();
  }

  disconnectedCallback(): void {
    this.connected.abort();
    if (this.dialog.open) this.dialog.close();
    this.launcher.hidden = false;
  }

  /** Open the panel; nothing is fetched or stored before this is called for the first time. */
  open(event?: MouseEvent): void {
    if (this.inline || this.dialog.open) return;
    this.launcher.hidden = true;
    this.show();
    // On a phone the keyboard would cover the greeting, so the heading takes the focus there.
    if (event !== undefined && !byTouch(event)) this.composer.focus(false);
    else this.header.title.focus();
    void this.conversation.connect();
    this.tell("open");
  }

  close(): void {
    if (!this.dialog.open) return;
    this.dialog.close();
    this.closed();
  }

  /** Forget everything and leave the page for a neutral one, without a way back to this entry of the history. */
  exit(): void {
    this.conversation.exit();
    if (this.dialog.open) this.dialog.close();
    this.root.replaceChildren(element("div", { class: "curtain" }));
    location.replace(exitAddress(this.getAttribute("exit-url"), location.href));
  }

  private get inline(): boolean {
    return this.hasAttribute("inline");
  }

  private build(): void {
    applyStyles(this.root, this.viewport.sheet);
    const server = new URL(this.getAttribute("server") ?? AdmissionsChat.defaultServer, location.href);
    if (!server.pathname.endsWith("/")) server.pathname += "/";
    this.conversation = new Conversation(
      new Transport(server.href),
      tokenStore(() => sessionStorage, server.href),
      visit,
      this.view,
    );
    this.header = new Header(this.getAttribute("heading") ?? strings.heading, {
      exit: () => this.exit(),
      clear: (event) => {
        this.composer.clear();
        this.composer.focus(byTouch(event));
        void this.conversation.clear();
      },
      close: this.inline ? null : () => this.close(),
    });
    const parts = [
      this.header.element,
      this.view.help.element,
      this.header.question,
      this.view.transcript.element,
      this.composer.element,
      this.announcer.element,
    ];
    if (this.inline) {
      this.root.append(
        element("section", { class: "panel", lang: "en", "aria-labelledby": "title" }, ...parts),
      );
      return;
    }
    this.launcher.append(element("span", {}, this.getAttribute("launcher-label") ?? strings.launcher));
    this.dialog.append(...parts);
    this.dialog.addEventListener("keydown", (event) => {
      if (event.key !== "Escape" || event.defaultPrevented) return;
      event.preventDefault();
      this.close();
    });
    // Browsers may close a modal dialog by themselves, such as by the phone's back gesture.
    this.dialog.addEventListener("close", () => {
      if (!this.dialog.open && this.launcher.hidden) this.closed();
    });
    this.root.append(this.launcher, this.dialog);
  }

  private show(): void {
    if (matchMedia(SHEET).matches) this.dialog.showModal();
    else this.dialog.show();
  }

  /** Change between sheet and corner panel when a phone is turned or a window resized. */
  private refit(): void {
    if (!this.dialog.open) return;
    const focused = this.root.activeElement;
    this.dialog.close();
    this.show();
    if (focused instanceof HTMLElement) focused.focus();
  }

  private closed(): void {
    this.launcher.hidden = false;
    this.launcher.focus();
    this.tell("close");
  }

  /** Three times Escape leaves the page; only once the chat has been opened, or it would surprise. */
  private onDocumentKey(event: KeyboardEvent): void {
    const used = this.inline || this.conversation.begun;
    if (event.key === "Escape" && !event.repeat && used && this.escapes(event.timeStamp)) this.exit();
  }

  /** Tell the page what happened, never what was said. */
  private tell(what: "open" | "close"): void {
    this.dispatchEvent(new CustomEvent(`admissions-chat-${what}`, { bubbles: true, composed: true }));
  }
}

function byTouch(event: MouseEvent): boolean {
  return event instanceof PointerEvent && event.pointerType === "touch";
}

function visit(): Visit {
  const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
  return { pageUrl: location.origin + location.pathname, timeZone: timeZone ?? null };
}
