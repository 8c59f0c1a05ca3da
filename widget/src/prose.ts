/** Reads plain text into paragraphs, simple lists and links. Pure: what comes out is data, and only DOM nodes are made of it. */

export interface Span {
  readonly text: string;
  /** Where the words lead (`tel:`, `sms:` or one of the known sites), or null for plain words. */
  readonly href: string | null;
}

export type Line = readonly Span[];

export type Block =
  | { readonly kind: "paragraph"; readonly lines: readonly Line[] }
  | { readonly kind: "list"; readonly items: readonly Line[] };

/** Only these sites become links, whatever a text says. */
const KNOWN_SITES = ["988lifeline.org"];

const SITE = `(?<site>(?:https:\\/\\/)?(?:www\\.)?(?:${KNOWN_SITES.join("|").replace(/\./g, "\\.")})(?:\\/[\\w\\-\\/]*)?)`;
/** "call or text 988" offers both; there the number alone is the link. */
const TEXT_988 = "(?<sms>(?<!\\bor )text(?:ing)?(?: to)? 988)";
const LIFELINE = "(?<lifeline>988|911)";
const PHONE = "(?<phone>(?:\\+?1[\\s.\\-])?\\(?\\d{3}\\)?[\\s.\\-]?\\d{3}[\\s.\\-]\\d{4})";
/** Not inside a longer word, number, sum or address. */
const LINKS = new RegExp(
  `(?<![\\w$.@/\\-])(?:${SITE}|${TEXT_988}|${PHONE}|${LIFELINE})(?![\\w@]|[.\\-]\\w)`,
  "gi",
);

const TOLL_FREE = /^1?8(00|33|44|55|66|77|88)/;

const BULLET = /^\s*[-•]\s+/;

/** Return the ten digits of a North American number, or the digits as they are. */
function digits(phone: string): string {
  return phone.replace(/\D/g, "").replace(/^1(?=\d{10}$)/, "");
}

/** Return the `tel:` address of a phone number as written. */
export function telephone(phone: string): string {
  const number = digits(phone);
  return number.length === 10 ? `tel:+1${number}` : `tel:${phone.trim().startsWith("+") ? "+" : ""}${number}`;
}

function href(groups: Record<string, string | undefined>, centrePhone: string | null): string | null {
  const { site, sms, lifeline, phone } = groups;
  if (site !== undefined) return `https://${site.replace(/^https:\/\//i, "")}`;
  if (sms !== undefined) return "sms:988";
  if (lifeline !== undefined) return `tel:${lifeline}`;
  if (phone === undefined) return null;
  // Other numbers may be the visitor's own, read back to them: those stay plain.
  const ours = centrePhone !== null && digits(phone) === digits(centrePhone);
  return ours || TOLL_FREE.test(digits(phone)) ? telephone(phone) : null;
}

/** Return the line as plain and linked spans, in order; joined, they are the line again. */
export function linkify(line: string, centrePhone: string | null): Line {
  const spans: Span[] = [];
  let from = 0;
  for (const match of line.matchAll(LINKS)) {
    const target = href(match.groups ?? {}, centrePhone);
    if (target === null) continue;
    if (match.index > from) spans.push({ text: line.slice(from, match.index), href: null });
    spans.push({ text: match[0], href: target });
    from = match.index + match[0].length;
  }
  if (from < line.length) spans.push({ text: line.slice(from), href: null });
  return spans;
}

/** Return the blocks of a text: blank lines part paragraphs, lines that start with "- " make a list. */
export function parseProse(text: string, centrePhone: string | null): readonly Block[] {
  const blocks: { kind: Block["kind"]; lines: Line[] }[] = [];
  let current: (typeof blocks)[number] | null = null;
  for (const line of text.replace(/\r\n?/g, "\n").split("\n")) {
    if (line.trim() === "") {
      current = null;
      continue;
    }
    const kind = BULLET.test(line) ? "list" : "paragraph";
    if (current === null || current.kind !== kind) {
      current = { kind, lines: [] };
      blocks.push(current);
    }
    current.lines.push(linkify(line.replace(BULLET, "").trim(), centrePhone));
  }
  return blocks.map(({ kind, lines }) => (kind === "list" ? { kind, items: lines } : { kind, lines }));
}
