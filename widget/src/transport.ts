/** Speaks the HTTP contract of docs/architecture.md. A message that is tried again carries the id it had before. */

import {
  type Message,
  type Outgoing,
  parseMessages,
  parseProblem,
  parseStatus,
  parseToken,
  type Status,
} from "./protocol";

/** Why a call came to nothing, as far as it changes what the visitor is told. */
export type Failure =
  | "unreachable" // no usable answer: offline, timed out, 5xx, or not what the contract says
  | "unauthorised" // the token is unknown or expired
  | "busy" // 429 and still so after waiting
  | "too_long" // 413
  | "refused"; // any other 4xx

export class ChatError extends Error {
  constructor(
    readonly failure: Failure,
    detail: string,
    readonly retryable = false,
    /** Milliseconds the server asked us to wait. */
    readonly retryAfter: number | null = null,
  ) {
    super(detail);
  }
}

export interface ChatApi {
  begin(visit: Visit): Promise<string>;
  history(token: string): Promise<readonly Message[]>;
  send(token: string, message: Outgoing): Promise<readonly Message[]>;
  forget(token: string): Promise<void>;
  /** Ask for deletion while the page goes away; nobody waits for the answer. */
  forgetOnExit(token: string): void;
  status(): Promise<Status>;
}

export interface Visit {
  /** Address of the page, without query and fragment: those can hold personal things. */
  readonly pageUrl: string;
  readonly timeZone: string | null;
}

/** An answer usually takes well under a second; after this a frightened person should see what else they can do. */
const ATTEMPT_TIMEOUT_MS = 15_000;
/** Pauses before the second and third attempt: long enough for a phone to change cells. */
const RETRY_PAUSES_MS = [800, 2_500];
/** No attempt starts later than this after the first, so "not delivered" shows within about half a minute. */
const LAST_ATTEMPT_AFTER_MS = 15_000;
/** A longer `Retry-After` is not waited for: the visitor is told instead. */
const MAX_RETRY_AFTER_MS = 5_000;

const RETRYABLE_STATUSES = [408, 425, 429, 500, 502, 503, 504];

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

export interface Clock {
  now(): number;
  sleep(ms: number): Promise<void>;
}

const systemClock: Clock = {
  now: () => Date.now(),
  sleep: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
};

interface Call {
  readonly method: "GET" | "POST" | "DELETE";
  readonly path: string;
  readonly token?: string;
  readonly body?: object;
  readonly keepalive?: boolean;
}

export class Transport implements ChatApi {
  /**
   * Args:
   *   base: the server's address, ending in "/".
   */
  constructor(
    private readonly base: string,
    private readonly fetcher: Fetch = (url, init) => fetch(url, init),
    private readonly clock: Clock = systemClock,
  ) {}

  async begin(visit: Visit): Promise<string> {
    const body = { page_url: visit.pageUrl, time_zone: visit.timeZone };
    return expected(parseToken(await this.patiently({ method: "POST", path: "chat/session", body })));
  }

  async history(token: string): Promise<readonly Message[]> {
    return expected(parseMessages(await this.patiently({ method: "GET", path: "chat/messages", token })));
  }

  async send(token: string, message: Outgoing): Promise<readonly Message[]> {
    const body =
      message.payload === null
        ? { id: message.id, text: message.text }
        : { id: message.id, payload: message.payload };
    return expected(
      parseMessages(await this.patiently({ method: "POST", path: "chat/messages", token, body })),
    );
  }

  async forget(token: string): Promise<void> {
    await this.patiently({ method: "DELETE", path: "chat/session", token });
  }

  forgetOnExit(token: string): void {
    const call: Call = { method: "DELETE", path: "chat/session", token, keepalive: true };
    this.fetcher(this.base + call.path, request(call)).catch(() => undefined);
  }

  async status(): Promise<Status> {
    return parseStatus(await this.once({ method: "GET", path: "chat/status" }));
  }

  /** Make the call, and again after a pause where the failure may pass by itself. */
  private async patiently(call: Call): Promise<unknown> {
    const started = this.clock.now();
    for (let attempt = 0; ; attempt++) {
      try {
        return await this.once(call);
      } catch (error) {
        const pause = RETRY_PAUSES_MS[attempt];
        if (!(error instanceof ChatError) || !error.retryable || pause === undefined) throw error;
        const wait = Math.max(pause, error.retryAfter ?? 0);
        if (this.clock.now() + wait - started > LAST_ATTEMPT_AFTER_MS) throw error;
        if (wait > MAX_RETRY_AFTER_MS) throw error;
        await this.clock.sleep(wait);
      }
    }
  }

  private async once(call: Call): Promise<unknown> {
    const timeout = new AbortController();
    const timer = setTimeout(() => timeout.abort(), ATTEMPT_TIMEOUT_MS);
    let response: Response;
    let body: unknown;
    try {
      response = await this.fetcher(this.base + call.path, { ...request(call), signal: timeout.signal });
      body = response.status === 204 ? null : await response.json().catch(() => undefined);
    } catch {
      throw new ChatError("unreachable", "no answer", true);
    } finally {
      clearTimeout(timer);
    }
    if (!response.ok) throw problem(response, body);
    return body;
  }
}

function request(call: Call): RequestInit {
  const headers: Record<string, string> = { Accept: "application/json" };
  if (call.token !== undefined) headers["Authorization"] = `Bearer ${call.token}`;
  if (call.body !== undefined) headers["Content-Type"] = "application/json";
  return {
    method: call.method,
    headers,
    // No cookies, no cache, and no more of the page's address than its origin: the token says all there is to say.
    credentials: "omit",
    cache: "no-store",
    referrerPolicy: "origin",
    ...(call.body !== undefined && { body: JSON.stringify(call.body) }),
    ...(call.keepalive === true && { keepalive: true }),
  };
}

function problem(response: Response, body: unknown): ChatError {
  const detail = parseProblem(body) ?? `HTTP ${response.status}`;
  const retryable = RETRYABLE_STATUSES.includes(response.status);
  const seconds = Number(response.headers.get("Retry-After") ?? Number.NaN);
  const retryAfter = Number.isFinite(seconds) ? seconds * 1_000 : null;
  return new ChatError(failureOf(response.status), detail, retryable, retryAfter);
}

function failureOf(status: number): Failure {
  if (status === 401) return "unauthorised";
  if (status === 413) return "too_long";
  if (status === 429) return "busy";
  return status >= 400 && status < 500 ? "refused" : "unreachable";
}

function expected<T>(value: T | null): T {
  if (value === null) throw new ChatError("unreachable", "the answer is not what the contract says");
  return value;
}
