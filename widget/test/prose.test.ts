import assert from "node:assert/strict";
import { test } from "node:test";
import { linkify, parseProse, telephone } from "../src/prose";

const CENTRE = "(719) 555-0100";

function links(text: string, phone: string | null = CENTRE): string[][] {
  return linkify(text, phone)
    .filter(({ href }) => href !== null)
    .map(({ text, href }) => [text, href ?? ""]);
}

test("crisis numbers, known sites and the centre's phone become links", () => {
  const table: [string, string[][]][] = [
    ["Call 911 now.", [["911", "tel:911"]]],
    ["Call or text 988, any hour", [["988", "tel:988"]]], // both are offered, the number is the link
    ["You can text 988.", [["text 988", "sms:988"]]],
    ["Chat at 988lifeline.org.", [["988lifeline.org", "https://988lifeline.org"]]],
    ["See https://988lifeline.org/chat", [["https://988lifeline.org/chat", "https://988lifeline.org/chat"]]],
    ["Hotline: 1-800-799-7233 (24/7)", [["1-800-799-7233", "tel:+18007997233"]]],
    ["(988)", [["988", "tel:988"]]],
    ["Admissions: 719-555-0100", [["719-555-0100", "tel:+17195550100"]]], // written another way than configured
    ["Admissions: +1 719 555 0100.", [["+1 719 555 0100", "tel:+17195550100"]]],
  ];
  for (const [text, expected] of table) assert.deepEqual(links(text), expected, text);
});

test("nothing else becomes a link", () => {
  const plain = [
    "We will call you at 719-555-0134.", // the visitor's own number, read back
    "It costs $988 or 911.50", // sums
    "Room 9110, box 1988, id 988-12",
    "evil988lifeline.org and 988lifeline.org.example.org",
    "someone@988lifeline.org",
    "https://example.org/988",
    "javascript:alert(1)",
  ];
  for (const text of plain) assert.deepEqual(links(text), [], text);
  assert.deepEqual(links("Call 719-555-0100", null), []);
});

test("the spans of a line, joined, are the line again", () => {
  const line = "If in danger call 911; else call or text 988, or 1-800-799-7233, or <b>us</b>: 719-555-0100!";
  const spans = linkify(line, CENTRE);
  assert.equal(spans.map(({ text }) => text).join(""), line);
});

test("a very long line without any link is read quickly", () => {
  const started = performance.now();
  linkify("1-800-79".repeat(20_000), CENTRE);
  assert.ok(performance.now() - started < 500);
});

test("blank lines part paragraphs, line breaks stay, dashes make lists", () => {
  const shape = parseProse("One\ntwo\r\n\r\nThree:\n- a\n• b\n\n- c\nafter - not a list", null).map(
    (block) =>
      block.kind === "list"
        ? block.items.map((item) => `* ${item[0]?.text}`)
        : block.lines.map((line) => line[0]?.text),
  );
  assert.deepEqual(shape, [["One", "two"], ["Three:"], ["* a", "* b"], ["* c"], ["after - not a list"]]);
});

test("empty text has no blocks", () => {
  assert.deepEqual(parseProse(" \n\n ", null), []);
});

test("a phone number is dialled with its country", () => {
  assert.equal(telephone("719-555-0100"), "tel:+17195550100");
  assert.equal(telephone("1 (719) 555-0100"), "tel:+17195550100");
  assert.equal(telephone("+44 20 7946 0100"), "tel:+442079460100");
});
