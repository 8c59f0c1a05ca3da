/** The course of one conversation: who speaks when, what is kept, what is tried again. No DOM: it tells a view. */

import type { Message, Outgoing, Status } from "./protocol";
import type { TokenStore } from "./session";
import { type ChatApi, ChatError, type Failure, type Visit } from "./transport";

export interface ConversationView {
  connecting(): void;
  /** Show the conversation so far. `fresh`: it has only just begun, so its words are news. */
  restored(messages: readonly Message[], fresh: boolean): void;
  /** The server could not be reached at all. */
  unreachable(): void;
  waiting(on: boolean): void;
  sending(message: Outgoing): void;
  delivered(id: string): void;
  failed(ids: readonly string[], failure: Failure): void;
  received(messages: readonly Message[]): void;
  /** The old conversation had ended on the server, so a new one began; `lost` could not be carried over. */
  restarted(lost: Outgoing | null): void;
  status(status: Status): void;
  /** Nothing of the conversation may stay visible. */
  cleared(): void;
  forgotten(onServerToo: boolean): void;
}

export class Conversation {
  private queue: Outgoing[] = [];
  private undelivered: Outgoing[] = [];
  private seen = new Set<string>();
  private connection: Promise<boolean> | null = null;
  private pumping = false;
  /** Raised when the conversation is cleared or left, so that answers still under way are dropped. */
  private era = 0;

  constructor(
    private readonly api: ChatApi,
    private readonly tokens: TokenStore,
    private readonly visit: () => Visit,
    private readonly view: ConversationView,
  ) {}

  /** Whether the conversation was joined or begun since the page was opened. */
  get begun(): boolean {
    return this.connection !== null;
  }

  /** Join the tab's conversation or begin one; return whether that worked. Asking again while it works is harmless. */
  connect(): Promise<boolean> {
    this.connection ??= this.join(this.era);
    return this.connection;
  }

  send(message: Outgoing): void {
    this.queue.push(message);
    this.view.sending(message);
    void this.pump();
  }

  /** Try everything that was not delivered once more, in the order it was said, with the ids it had. */
  retry(): void {
    const again = this.undelivered;
    this.undelivered = [];
    for (const message of again) this.send(message);
  }

  /** Forget the conversation here and on the server, and begin a new one. */
  async clear(): Promise<void> {
    const token = this.leave();
    this.view.cleared();
    this.view.forgotten(token === null || (await this.forget(token)));
    await this.connect();
  }

  /** Forget everything at once because the visitor leaves the page; the server is told without waiting. */
  exit(): void {
    const token = this.leave();
    if (token !== null) this.api.forgetOnExit(token);
  }

  private async forget(token: string): Promise<boolean> {
    try {
      await this.api.forget(token);
      return true;
    } catch (error) {
      // A session the server no longer knows is as forgotten as can be.
      return failureOf(error) === "unauthorised";
    }
  }

  private leave(): string | null {
    const token = this.tokens.read();
    this.tokens.wipe();
    this.era++;
    this.queue = [];
    this.undelivered = [];
    this.seen = new Set();
    this.connection = null;
    this.pumping = false;
    return token;
  }

  private async join(era: number): Promise<boolean> {
    this.view.connecting();
    this.api.status().then(
      (status) => this.view.status(status),
      () => undefined, // the chat works without it
    );
    try {
      await this.restore(era);
      return true;
    } catch {
      if (era === this.era) {
        this.connection = null;
        this.view.unreachable();
      }
      return false;
    }
  }

  private async restore(era: number): Promise<void> {
    const token = this.tokens.read();
    if (token === null) return this.begin(era);
    try {
      this.show(era, await this.api.history(token), false);
    } catch (error) {
      if (failureOf(error) !== "unauthorised") throw error;
      if (era === this.era) this.view.restarted(null);
      await this.begin(era);
    }
  }

  private async begin(era: number): Promise<void> {
    const token = await this.api.begin(this.visit());
    if (era !== this.era) return this.api.forgetOnExit(token);
    this.tokens.write(token);
    this.show(era, await this.api.history(token), true);
  }

  private show(era: number, messages: readonly Message[], fresh: boolean): void {
    if (era !== this.era) return;
    for (const message of messages) this.seen.add(message.id);
    this.view.restored(messages, fresh);
  }

  /** Deliver what is queued, one at a time and in order; a cleared conversation leaves its loop behind. */
  private async pump(): Promise<void> {
    if (this.pumping) return;
    this.pumping = true;
    this.view.waiting(true);
    const era = this.era;
    let restartedFor: string | null = null;
    for (let next = this.queue[0]; next !== undefined; next = this.queue[0]) {
      const failure = await this.deliver(next, era);
      if (era !== this.era) return;
      if (failure === null) continue;
      if (failure === "unauthorised" && restartedFor !== next.id) {
        restartedFor = next.id;
        const restarted = await this.startOver(next, era);
        if (era !== this.era) return;
        if (restarted) continue;
      }
      this.giveUp(failure);
    }
    this.pumping = false;
    this.view.waiting(false);
  }

  private async deliver(message: Outgoing, era: number): Promise<Failure | null> {
    if (!(await this.connect())) return "unreachable";
    if (era !== this.era) return null;
    try {
      const answer = await this.api.send(this.tokens.read() ?? "", message);
      if (era !== this.era) return null;
      this.queue.shift();
      this.view.delivered(message.id);
      const news = answer.filter(({ id, from }) => from !== "visitor" && !this.seen.has(id));
      for (const { id } of news) this.seen.add(id);
      this.view.received(news);
      return null;
    } catch (error) {
      return failureOf(error);
    }
  }

  /** Begin a new session under a message that met an ended one; return whether the queue can go on. */
  private async startOver(message: Outgoing, era: number): Promise<boolean> {
    // Words make sense in a new conversation; a choice was an answer to a question that is no longer asked.
    const lost = message.payload === null ? null : message;
    this.tokens.wipe();
    this.view.restarted(lost);
    if (lost !== null) this.queue.shift();
    try {
      await this.begin(era);
      this.view.waiting(true);
      return true;
    } catch {
      return false;
    }
  }

  private giveUp(failure: Failure): void {
    this.undelivered.push(...this.queue);
    this.view.failed(
      this.queue.map(({ id }) => id),
      failure,
    );
    this.queue = [];
  }
}

function failureOf(error: unknown): Failure {
  return error instanceof ChatError ? error.failure : "unreachable";
}
