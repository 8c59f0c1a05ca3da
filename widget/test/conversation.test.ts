import assert from "node:assert/strict";
import { test } from "node:test";
import { Conversation, type ConversationView } from "../src/conversation";
import type { Message, Outgoing, Status } from "../src/protocol";
import { tokenStore } from "../src/session";
import { type ChatApi, ChatError, type Failure } from "../src/transport";

const STATUS: Status = { open: true, opensAt: null, phone: null };

function bot(id: string): Message {
  return { id, from: "bot", kind: "text", text: id, buttons: [], source: null };
}

function words(id: string): Outgoing {
  return { id, text: id, payload: null };
}

const offline = () => new ChatError("unreachable", "offline", true);
const ended = () => new ChatError("unauthorised", "ended");

/** A server in memory; `failures` are thrown by the next sends, `reachable` cuts the line altogether. */
class FakeApi implements ChatApi {
  reachable = true;
  failures: ChatError[] = [];
  readonly sessions = new Map<string, Message[]>();
  readonly sent: { token: string; id: string }[] = [];
  readonly forgottenOnExit: string[] = [];
  private serial = 0;

  async begin() {
    this.check();
    const token = `t${++this.serial}`;
    this.sessions.set(token, [bot(`greeting-${token}`)]);
    return token;
  }
  async history(token: string) {
    this.check();
    return this.session(token);
  }
  async send(token: string, { id }: Outgoing) {
    this.check();
    this.sent.push({ token, id });
    const failure = this.failures.shift();
    if (failure !== undefined) throw failure;
    this.session(token);
    return [bot(`answer-${id}`)];
  }
  async forget(token: string) {
    this.check();
    this.session(token);
    this.sessions.delete(token);
  }
  forgetOnExit(token: string) {
    this.forgottenOnExit.push(token);
  }
  async status() {
    this.check();
    return STATUS;
  }
  private check() {
    if (!this.reachable) throw offline();
  }
  private session(token: string): Message[] {
    const messages = this.sessions.get(token);
    if (messages === undefined) throw ended();
    return messages;
  }
}

/** Writes down what the visitor would see. */
class Diary implements ConversationView {
  readonly lines: string[] = [];
  connecting() {}
  waiting() {}
  delivered() {}
  status() {}
  restored(messages: readonly Message[], fresh: boolean) {
    this.lines.push(`${fresh ? "new" : "restored"}: ${messages.map(({ id }) => id).join(" ")}`);
  }
  unreachable() {
    this.lines.push("unreachable");
  }
  sending({ id }: Outgoing) {
    this.lines.push(`you: ${id}`);
  }
  failed(ids: readonly string[], failure: Failure) {
    this.lines.push(`failed (${failure}): ${ids.join(" ")}`);
  }
  received(messages: readonly Message[]) {
    this.lines.push(`bot: ${messages.map(({ id }) => id).join(" ")}`);
  }
  restarted(lost: Outgoing | null) {
    this.lines.push(`restarted, lost ${lost?.id ?? "nothing"}`);
  }
  cleared() {
    this.lines.push("cleared");
  }
  forgotten(onServerToo: boolean) {
    this.lines.push(`forgotten ${onServerToo ? "everywhere" : "here"}`);
  }
}

function setUp(api = new FakeApi()) {
  const items = new Map<string, string>();
  const storage = {
    getItem: (key: string) => items.get(key) ?? null,
    setItem: (key: string, value: string) => void items.set(key, value),
    removeItem: (key: string) => void items.delete(key),
  };
  const load = () => {
    const diary = new Diary();
    const visit = () => ({ pageUrl: "https://c.example.org/", timeZone: null });
    const tokens = tokenStore(() => storage, "https://a.example.org/");
    return { diary, conversation: new Conversation(api, tokens, visit, diary) };
  };
  return { api, items, load, ...load() };
}

/** Let everything that is under way come to its end. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 5));

test("nothing is stored before the conversation is joined", async () => {
  const { items, conversation } = setUp();
  assert.equal(items.size, 0);
  await conversation.connect();
  assert.deepEqual([...items.values()], ["t1"]);
});

test("a first visit begins a conversation and shows its greeting as new", async () => {
  const { diary, conversation } = setUp();
  await conversation.connect();
  await conversation.connect(); // opened a second time
  assert.deepEqual(diary.lines, ["new: greeting-t1"]);
});

test("after a reload the same conversation is restored", async () => {
  const { load, conversation } = setUp();
  await conversation.connect();

  const reloaded = load();
  await reloaded.conversation.connect();

  assert.deepEqual(reloaded.diary.lines, ["restored: greeting-t1"]);
});

test("messages are delivered in the order they were said", async () => {
  const { api, diary, conversation } = setUp();
  for (const id of ["a", "b", "c"]) conversation.send(words(id));
  await settle();
  assert.deepEqual(
    api.sent.map(({ id }) => id),
    ["a", "b", "c"],
  );
  assert.deepEqual(diary.lines.slice(-3), ["bot: answer-a", "bot: answer-b", "bot: answer-c"]);
});

test("retry sends everything undelivered again, in order, with the ids it had", async () => {
  const { api, diary, conversation } = setUp();
  await conversation.connect();
  api.failures = [offline()];
  conversation.send(words("a"));
  conversation.send(words("b"));
  await settle();
  assert.equal(diary.lines.at(-1), "failed (unreachable): a b");

  conversation.retry();
  await settle();

  assert.deepEqual(
    api.sent.map(({ id }) => id),
    ["a", "a", "b"],
  );
  assert.equal(diary.lines.at(-1), "bot: answer-b");
});

test("an answer that was already shown is not shown again", async () => {
  const { diary, conversation } = setUp();
  conversation.send(words("a"));
  conversation.send(words("a")); // the same id: the server gives the same answer
  await settle();
  assert.deepEqual(
    diary.lines.filter((line) => line.startsWith("bot:")),
    ["bot: answer-a", "bot: "],
  );
});

test("with the server down the words are kept as not delivered, and go out once it is back", async () => {
  const { api, diary, conversation } = setUp();
  api.reachable = false;
  conversation.send(words("a"));
  await settle();
  assert.deepEqual(diary.lines, ["you: a", "unreachable", "failed (unreachable): a"]);

  api.reachable = true;
  conversation.retry();
  await settle();

  assert.deepEqual(diary.lines.slice(3), ["you: a", "new: greeting-t1", "bot: answer-a"]);
});

test("words that meet an ended session are said again in a new one", async () => {
  const { api, diary, conversation } = setUp();
  await conversation.connect();
  api.sessions.clear();

  conversation.send(words("a"));
  await settle();

  assert.deepEqual(diary.lines.slice(1), [
    "you: a",
    "restarted, lost nothing",
    "new: greeting-t2",
    "bot: answer-a",
  ]);
});

test("a choice that meets an ended session is told as lost, for its question is gone", async () => {
  const { api, diary, conversation } = setUp();
  await conversation.connect();
  api.sessions.clear();

  conversation.send({ id: "yes", text: "Yes", payload: "/affirm" });
  await settle();

  assert.deepEqual(diary.lines.slice(1), ["you: yes", "restarted, lost yes", "new: greeting-t2"]);
  assert.equal(api.sent.length, 1);
});

test("a server that refuses every session is not asked for ever", async () => {
  const { api, diary, conversation } = setUp();
  await conversation.connect();
  api.failures = [ended(), ended(), ended()];

  conversation.send(words("a"));
  await settle();

  assert.equal(diary.lines.at(-1), "failed (unauthorised): a");
  assert.equal(api.sent.length, 2);
});

test("a stored session that has ended gives way to a new one, and says so", async () => {
  const { api, load, conversation } = setUp();
  await conversation.connect();
  api.sessions.clear();

  const reloaded = load();
  await reloaded.conversation.connect();

  assert.deepEqual(reloaded.diary.lines, ["restarted, lost nothing", "new: greeting-t2"]);
});

test("clearing deletes at the server, wipes the token and begins again", async () => {
  const { api, items, diary, conversation } = setUp();
  await conversation.connect();

  await conversation.clear();

  assert.deepEqual([...api.sessions.keys()], ["t2"]);
  assert.deepEqual([...items.values()], ["t2"]);
  assert.deepEqual(diary.lines.slice(1), ["cleared", "forgotten everywhere", "new: greeting-t2"]);
});

test("clearing without the server wipes here and does not claim more", async () => {
  const { api, items, diary, conversation } = setUp();
  await conversation.connect();
  api.reachable = false;

  await conversation.clear();

  assert.equal(items.size, 0);
  assert.deepEqual(diary.lines.slice(1), ["cleared", "forgotten here", "unreachable"]);
});

test("an answer that arrives after clearing is dropped", async () => {
  const { diary, conversation } = setUp();
  await conversation.connect();
  conversation.send(words("a"));

  await conversation.clear();
  conversation.send(words("b"));
  await settle();

  assert.equal(diary.lines.includes("bot: answer-a"), false);
  assert.equal(diary.lines.at(-1), "bot: answer-b");
});

test("quick exit wipes at once and tells the server without waiting", async () => {
  const { api, items, conversation } = setUp();
  await conversation.connect();
  api.reachable = false;

  conversation.exit();

  assert.equal(items.size, 0);
  assert.deepEqual(api.forgottenOnExit, ["t1"]);
});

test("quick exit while a session is being made leaves none behind", async () => {
  const { api, items, conversation } = setUp();
  const connecting = conversation.connect();
  conversation.exit();
  await connecting;
  assert.equal(items.size, 0);
  assert.deepEqual(api.forgottenOnExit, ["t1"]);
});
