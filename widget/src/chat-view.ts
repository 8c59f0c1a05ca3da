/** Tells the visitor what happens in the conversation: on screen, by voice, and in the help strip. */

import type { Announcer } from "./announcer";
import { HelpStrip, NOBODY_KNOWN } from "./cards";
import type { ConversationView } from "./conversation";
import { spoken } from "./message-view";
import type { Message, Outgoing, Status } from "./protocol";
import { strings } from "./strings";
import { Transcript, type TranscriptHandlers } from "./transcript";
import type { Failure } from "./transport";

export class ChatView implements ConversationView {
  readonly help = new HelpStrip();
  readonly transcript: Transcript;
  private known: Status = NOBODY_KNOWN;
  /** What was told about the team being away, so that it is told once. */
  private away: string | null = null;

  constructor(
    private readonly announcer: Announcer,
    handlers: TranscriptHandlers,
  ) {
    this.transcript = new Transcript(handlers, () => this.known.phone);
  }

  connecting(): void {
    this.transcript.setConnecting(true);
  }

  restored(messages: readonly Message[], fresh: boolean): void {
    this.transcript.setConnecting(false);
    this.transcript.settle();
    if (fresh) this.received(messages);
    else this.transcript.restore(messages); // history is never spoken
  }

  unreachable(): void {
    this.transcript.setConnecting(false);
    this.transcript.unreachable();
    this.announcer.say(`${strings.offline.heading}. ${strings.offline.text}`, true);
  }

  waiting(on: boolean): void {
    this.transcript.setWaiting(on);
  }

  sending(message: Outgoing): void {
    this.transcript.say(message);
  }

  delivered(id: string): void {
    this.transcript.delivered(id);
  }

  failed(ids: readonly string[], failure: Failure): void {
    this.transcript.fail(ids, failure);
    this.announcer.say(`${strings.announce.failed} ${strings.failure[failure]}`, true);
  }

  received(messages: readonly Message[]): void {
    this.transcript.receive(messages);
    for (const message of messages) this.announcer.say(spoken(message), message.kind === "emergency");
  }

  restarted(lost: Outgoing | null): void {
    this.notice(strings.notice.restarted);
    if (lost !== null) this.notice(strings.notice.lostChoice(lost.text));
  }

  cleared(): void {
    this.transcript.clear();
    this.away = null;
  }

  forgotten(onServerToo: boolean): void {
    this.notice(onServerToo ? strings.notice.cleared : strings.notice.clearedHereOnly);
  }

  status(status: Status): void {
    const phoneChanged = status.phone !== this.known.phone;
    this.known = status;
    this.help.show(status);
    if (phoneChanged) this.transcript.relink();
    if (status.open !== false) return;
    const { away, awayUntil } = strings.notice;
    const words = status.opensAt === null ? away : awayUntil(clockTime(status.opensAt));
    if (words !== this.away) this.notice(words);
    this.away = words;
  }

  private notice(text: string): void {
    this.transcript.notice(text);
    this.announcer.say(text);
  }
}

/** "Monday 8:00 AM", in the visitor's own zone. */
function clockTime(at: Date): string {
  return new Intl.DateTimeFormat("en-US", { weekday: "long", hour: "numeric", minute: "2-digit" }).format(at);
}
