import assert from "node:assert/strict";
import { test } from "node:test";
import { ChatError, type Clock, type Failure, type Fetch, Transport } from "../src/transport";

const MESSAGES = { messages: [{ id: "b1", from: "bot", kind: "text", text: "Hello", buttons: [] }] };
const OUTGOING = { id: "11111111-1111-4111-8111-111111111111", text: "Hi", payload: null };

/** A server that gives the answers in turn; an Error is a line that breaks. */
class FakeServer {
  readonly calls: { url: string; init: RequestInit }[] = [];
  constructor(private readonly answers: (Response | Error)[]) {}
  readonly fetch: Fetch = async (url, init) => {
    this.calls.push({ url, init });
    const answer = this.answers.shift();
    if (answer === undefined || answer instanceof Error) throw answer ?? new Error("no more answers");
    return answer;
  };
  bodies(): unknown[] {
    return this.calls.map(({ init }) => (typeof init.body === "string" ? JSON.parse(init.body) : null));
  }
}

/** Time passes only while somebody sleeps. */
class FakeClock implements Clock {
  readonly sleeps: number[] = [];
  private time = 0;
  now() {
    return this.time;
  }
  async sleep(ms: number) {
    this.sleeps.push(ms);
    this.time += ms;
  }
}

function json(body: unknown, status = 200, headers: Record<string, string> = {}): Response {
  return new Response(JSON.stringify(body), { status, headers });
}

function setUp(...answers: (Response | Error)[]) {
  const server = new FakeServer(answers);
  const clock = new FakeClock();
  return { server, clock, transport: new Transport("https://a.example.org/", server.fetch, clock) };
}

async function failureOf(promise: Promise<unknown>): Promise<Failure | null> {
  return promise.then(
    () => null,
    (error) => {
      assert.ok(error instanceof ChatError);
      return error.failure;
    },
  );
}

test("a session is begun with the page and the time zone, and its token returned", async () => {
  const { server, transport } = setUp(json({ token: "t1", expires_at: "2026-11-24T00:00:00Z" }, 201));

  const token = await transport.begin({ pageUrl: "https://c.example.org/", timeZone: "America/Denver" });

  assert.equal(token, "t1");
  assert.equal(server.calls[0]?.url, "https://a.example.org/chat/session");
  assert.deepEqual(server.bodies(), [{ page_url: "https://c.example.org/", time_zone: "America/Denver" }]);
});

test("words go out as text and a choice as payload, with the token as bearer and without cookies", async () => {
  const { server, transport } = setUp(json(MESSAGES), json(MESSAGES));

  await transport.send("t1", OUTGOING);
  await transport.send("t1", { ...OUTGOING, payload: "/affirm" });

  assert.deepEqual(server.bodies(), [
    { id: OUTGOING.id, text: "Hi" },
    { id: OUTGOING.id, payload: "/affirm" },
  ]);
  const init = server.calls[0]?.init;
  assert.equal(new Headers(init?.headers).get("Authorization"), "Bearer t1");
  assert.equal(init?.credentials, "omit");
});

test("a message is tried again with the same id until it gets through", async () => {
  const { server, clock, transport } = setUp(new TypeError("offline"), json({}, 503), json(MESSAGES));

  const messages = await transport.send("t1", OUTGOING);

  assert.deepEqual(
    messages.map(({ id }) => id),
    ["b1"],
  );
  assert.deepEqual(new Set(server.bodies().map((body) => JSON.stringify(body))).size, 1);
  assert.equal(server.calls.length, 3);
  assert.deepEqual(clock.sleeps, [800, 2_500]);
});

test("after three attempts the message counts as not delivered", async () => {
  const { server, transport } = setUp(new Error(), new Error(), new Error());
  assert.equal(await failureOf(transport.send("t1", OUTGOING)), "unreachable");
  assert.equal(server.calls.length, 3);
});

test("what will not pass by itself is not tried again", async () => {
  const table: [number, Failure][] = [
    [400, "refused"],
    [401, "unauthorised"],
    [404, "refused"],
    [413, "too_long"],
    [501, "unreachable"],
  ];
  for (const [status, failure] of table) {
    const { server, transport } = setUp(json({ title: "No" }, status));
    assert.equal(await failureOf(transport.send("t1", OUTGOING)), failure);
    assert.equal(server.calls.length, 1);
  }
});

test("a short Retry-After is waited for, a long one is told", async () => {
  const short = setUp(json({}, 429, { "Retry-After": "3" }), json(MESSAGES));
  await short.transport.send("t1", OUTGOING);
  assert.deepEqual(short.clock.sleeps, [3_000]);

  const long = setUp(json({}, 429, { "Retry-After": "60" }));
  assert.equal(await failureOf(long.transport.send("t1", OUTGOING)), "busy");
  assert.deepEqual(long.clock.sleeps, []);
});

test("an answer that is not the contract's, such as a hotel's log-in page, counts as no answer", async () => {
  for (const body of ["<html>Welcome to our Wi-Fi</html>", "[]", '{"messages": 1}', ""]) {
    const { transport } = setUp(new Response(body));
    assert.equal(await failureOf(transport.send("t1", OUTGOING)), "unreachable");
  }
});

test("forgetting on exit outlives the page and never complains", async () => {
  const { server, transport } = setUp(new Error("offline"));
  transport.forgetOnExit("t1");
  await Promise.resolve();
  assert.equal(server.calls[0]?.init.method, "DELETE");
  assert.equal(server.calls[0]?.init.keepalive, true);
});

test("forgetting is done with 204 and no body", async () => {
  const { transport } = setUp(new Response(null, { status: 204 }));
  await transport.forget("t1");
});
