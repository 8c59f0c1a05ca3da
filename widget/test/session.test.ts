import assert from "node:assert/strict";
import { test } from "node:test";
import { newMessageId } from "../src/message-id";
import { escapeCounter, exitAddress } from "../src/quick-exit";
import { type Storage, tokenStore } from "../src/session";

class MemoryStorage implements Storage {
  readonly items = new Map<string, string>();
  getItem(key: string) {
    return this.items.get(key) ?? null;
  }
  setItem(key: string, value: string) {
    this.items.set(key, value);
  }
  removeItem(key: string) {
    this.items.delete(key);
  }
}

test("the token outlives the page, and nothing but the token is stored", () => {
  const storage = new MemoryStorage();
  tokenStore(() => storage, "https://a.example.org/").write("t1");
  assert.equal(tokenStore(() => storage, "https://a.example.org/").read(), "t1");
  assert.deepEqual([...storage.items.values()], ["t1"]);
});

test("a token is not shown to another server", () => {
  const storage = new MemoryStorage();
  tokenStore(() => storage, "https://a.example.org/").write("t1");
  assert.equal(tokenStore(() => storage, "https://b.example.org/").read(), null);
});

test("wiping leaves nothing behind", () => {
  const storage = new MemoryStorage();
  const tokens = tokenStore(() => storage, "https://a.example.org/");
  tokens.write("t1");
  tokens.wipe();
  assert.equal(tokens.read(), null);
  assert.equal(storage.items.size, 0);
});

test("where the browser blocks storage the token lives in memory", () => {
  const tokens = tokenStore(() => {
    throw new Error("SecurityError");
  }, "https://a.example.org/");
  assert.equal(tokens.read(), null);
  tokens.write("t1");
  assert.equal(tokens.read(), "t1");
  tokens.wipe();
  assert.equal(tokens.read(), null);
});

test("message ids are version 4 UUIDs, also where the browser has no randomUUID", () => {
  const uuid = /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
  assert.match(newMessageId(), uuid);
  const original = crypto.randomUUID;
  Object.defineProperty(crypto, "randomUUID", { value: undefined, configurable: true });
  try {
    assert.match(newMessageId(), uuid);
  } finally {
    Object.defineProperty(crypto, "randomUUID", { value: original, configurable: true });
  }
});

test("quick exit leads to web addresses only", () => {
  const page = "https://centre.example.org/care/";
  const neutral = "https://www.wikipedia.org/";
  assert.equal(exitAddress("https://www.example.org/x", page), "https://www.example.org/x");
  assert.equal(exitAddress("/bye", page), "https://centre.example.org/bye");
  for (const odd of [null, "javascript:alert(1)", "data:text/html,x", "https://"]) {
    assert.equal(exitAddress(odd, page), neutral, String(odd));
  }
});

test("three quick Escapes are an exit, slow ones are not", () => {
  const quick = escapeCounter();
  assert.deepEqual([0, 300, 600].map(quick), [false, false, true]);
  const slow = escapeCounter();
  assert.deepEqual([0, 1_000, 2_000, 3_000].map(slow), [false, false, false, false]);
});
