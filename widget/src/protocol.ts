/** What the server says, as types, and the reading of unknown JSON into them. Pure: no DOM, no network. */

export type Sender = "bot" | "visitor" | "staff";
export type Kind = "text" | "emergency" | "choice" | "table" | "receipt";

export interface Button {
  readonly title: string;
  readonly payload: string;
}

export interface Message {
  readonly id: string;
  readonly from: Sender;
  readonly kind: Kind;
  readonly text: string;
  readonly buttons: readonly Button[];
  /** Where the answer comes from, for example "article §3". */
  readonly source: string | null;
}

/** The admissions team: whether someone is there, and its phone where one is configured. */
export interface Status {
  readonly open: boolean | null;
  readonly opensAt: Date | null;
  readonly phone: string | null;
}

/** One thing the visitor says: words of their own, or a choice that was offered. The id makes sending it twice safe. */
export interface Outgoing {
  readonly id: string;
  readonly text: string;
  readonly payload: string | null;
}

const SENDERS: readonly Sender[] = ["bot", "visitor", "staff"];
const KINDS: readonly Kind[] = ["text", "emergency", "choice", "table", "receipt"];

type Fields = Record<string, unknown>;

function fields(value: unknown): Fields | null {
  return typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Fields) : null;
}

function text(value: unknown): string | null {
  return typeof value === "string" && value.trim() !== "" ? value : null;
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : [];
}

function date(value: unknown): Date | null {
  const words = text(value);
  const parsed = words === null ? null : new Date(words);
  return parsed !== null && Number.isFinite(parsed.getTime()) ? parsed : null;
}

function oneOf<T extends string>(allowed: readonly T[], value: unknown): T | null {
  return allowed.find((candidate) => candidate === value) ?? null;
}

function parseButton(value: unknown): Button | null {
  const title = text(fields(value)?.["title"]);
  const payload = text(fields(value)?.["payload"]);
  return title !== null && payload !== null ? { title, payload } : null;
}

/** Return the message, or null where the parts without which it cannot be shown are missing. */
export function parseMessage(value: unknown): Message | null {
  const body = fields(value);
  const id = text(body?.["id"]);
  const from = oneOf(SENDERS, body?.["from"]);
  const words = text(body?.["text"]);
  if (body === null || id === null || from === null || words === null) return null;
  return {
    id,
    from,
    kind: oneOf(KINDS, body["kind"]) ?? "text",
    text: words,
    buttons: list(body["buttons"])
      .map(parseButton)
      .filter((button) => button !== null),
    source: text(body["source"]),
  };
}

/** Return the messages of `{"messages": […]}`, or null where the body is something else. */
export function parseMessages(value: unknown): readonly Message[] | null {
  const messages = fields(value)?.["messages"];
  if (!Array.isArray(messages)) return null;
  return messages.map(parseMessage).filter((message) => message !== null);
}

/** Return the opaque token of a new session, or null. */
export function parseToken(value: unknown): string | null {
  return text(fields(value)?.["token"]);
}

/** Return what is known of the team; whatever is missing or odd counts as not known. */
export function parseStatus(value: unknown): Status {
  const body = fields(value);
  const open = body?.["open"];
  return {
    open: typeof open === "boolean" ? open : null,
    opensAt: date(body?.["opens_at"]),
    phone: text(body?.["phone"]),
  };
}

/** Return the title of RFC 9457 problem JSON: for developers' eyes, never shown to the visitor. */
export function parseProblem(value: unknown): string | null {
  return text(fields(value)?.["title"]);
}
