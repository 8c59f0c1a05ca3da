/** Reads a table out of plain text: lines with " | " between the cells, the first of them the heading. Pure. */

export interface Table {
  readonly before: string;
  readonly head: readonly string[];
  readonly rows: readonly (readonly string[])[];
  readonly after: string;
}

const RULE = /^[\s|:-]+$/;

function cells(line: string): readonly string[] {
  return line
    .trim()
    .replace(/^\|(.*)\|$/, "$1") // an empty corner cell may stand bare: " | IOP | PHP"
    .split("|")
    .map((cell) => cell.trim());
}

/** Return the table and the words around it, or null where the text holds no table of two rows and two columns. */
export function parseTable(text: string): Table | null {
  const lines = text.split("\n");
  const first = lines.findIndex((line) => line.includes("|"));
  if (first < 0) return null;
  const length = lines.slice(first).findIndex((line) => !line.includes("|"));
  const end = length < 0 ? lines.length : first + length;
  const [head, ...rows] = lines
    .slice(first, end)
    .filter((line) => !RULE.test(line))
    .map(cells);
  if (head === undefined || head.length < 2 || rows.length === 0) return null;
  return {
    before: lines.slice(0, first).join("\n").trim(),
    head,
    rows,
    after: lines.slice(end).join("\n").trim(),
  };
}
