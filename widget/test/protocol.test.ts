import assert from "node:assert/strict";
import { test } from "node:test";
import { parseMessage, parseMessages, parseProblem, parseStatus, parseToken } from "../src/protocol";

const MESSAGE = {
  id: "m1",
  from: "bot",
  at: "2026-11-23T22:14:03Z",
  kind: "choice",
  text: "Which one?",
  buttons: [{ title: "IOP", payload: '/inform{"level": "iop"}' }],
  source: "article §1",
};

test("a message of the contract is read whole", () => {
  assert.deepEqual(parseMessage(MESSAGE), {
    id: "m1",
    from: "bot",
    kind: "choice",
    text: "Which one?",
    buttons: [{ title: "IOP", payload: '/inform{"level": "iop"}' }],
    source: "article §1",
  });
});

test("a kind this widget does not know yet is shown as text", () => {
  assert.equal(parseMessage({ ...MESSAGE, kind: "hologram" })?.kind, "text");
});

test("what cannot be shown or told apart is left out", () => {
  const broken = [
    null,
    "hello",
    [MESSAGE],
    { ...MESSAGE, id: 7 }, // no id: the same message could be shown twice
    { ...MESSAGE, from: "stranger" },
    { ...MESSAGE, text: "  " },
    { ...MESSAGE, text: { html: "<b>" } },
  ];
  assert.deepEqual(
    parseMessages({ messages: [...broken, MESSAGE] })?.map(({ id }) => id),
    ["m1"],
  );
});

test("a button without a title or a payload is left out", () => {
  const buttons = [{ title: "A" }, { payload: "/a" }, null, "A", { title: "B", payload: "/b" }];
  assert.deepEqual(parseMessage({ ...MESSAGE, buttons })?.buttons, [{ title: "B", payload: "/b" }]);
  assert.deepEqual(parseMessage({ ...MESSAGE, buttons: "A" })?.buttons, []);
});

test("a body that is not a list of messages is told apart from an empty one", () => {
  assert.equal(parseMessages({}), null);
  assert.equal(parseMessages(undefined), null);
  assert.equal(parseMessages({ messages: {} }), null);
  assert.deepEqual(parseMessages({ messages: [] }), []);
});

test("a token is a non-empty string", () => {
  assert.equal(parseToken({ token: "t" }), "t");
  for (const odd of [null, [], {}, { token: "" }, { token: 1 }]) assert.equal(parseToken(odd), null);
});

test("a status keeps what is known and drops what is odd", () => {
  assert.deepEqual(parseStatus({ open: false, opens_at: "2026-11-24T15:00:00Z", phone: "719-555-0100" }), {
    open: false,
    opensAt: new Date("2026-11-24T15:00:00Z"),
    phone: "719-555-0100",
  });
  const unknown = { open: null, opensAt: null, phone: null };
  assert.deepEqual(parseStatus({ open: "yes", opens_at: "soon", phone: null }), unknown);
  assert.deepEqual(parseStatus("<html>"), unknown);
});

test("the title of problem JSON is read, and nothing else is mistaken for one", () => {
  assert.equal(parseProblem({ type: "about:blank", title: "Unauthorized", status: 401 }), "Unauthorized");
  assert.equal(parseProblem("Unauthorized"), null);
});
