import assert from "node:assert/strict";
import { test } from "node:test";
import { parseTable } from "../src/table";

test("a table is read with the words around it, outer pipes and rules or not", () => {
  const expected = {
    before: "Compared:",
    head: ["", "IOP", "PHP"],
    rows: [["Nights", "home", "home or not"]],
    after: "Ask us.",
  };
  assert.deepEqual(parseTable("Compared:\n\n | IOP | PHP\nNights | home | home or not\n\nAsk us."), expected);
  assert.deepEqual(
    parseTable("Compared:\n| | IOP | PHP |\n|---|---|---|\n| Nights | home | home or not |\nAsk us."),
    expected,
  );
});

test("text without two rows of two columns is not a table", () => {
  for (const text of ["", "plain", "a | b", "a | b\n---|---", "|\n|"])
    assert.equal(parseTable(text), null, text);
});
