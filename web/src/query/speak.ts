// Yasgui and its table speak English alone: what they show is put into the words of the page whenever it is drawn.
type Words = Record<string, string>;

const ATTRIBUTES = ["title", "aria-label", "placeholder"];

// Whole texts of theirs, and the page's word for each.
const TEXTS: Record<string, string> = {
  "Run query": "run",
  "Table": "table",
  "Response": "response",
  "Download result": "download",
  "Download Results": "download",
  "Download not supported": "nodownload",
  "Simple view": "simple",
  "Ellipse": "ellipse",
  "Show all": "whole",
  "Filter query results": "filter",
  "Page size:": "size",
  "All": "all",
  "First": "first",
  "Previous": "previous",
  "Next": "next",
  "Last": "last",
  "pagination": "pages",
  "No data available in table": "empty",
  "No matching records found": "empty",
};

// What has no name of its own that a screen reader would say, and the word for it.
const NAMELESS = [[".CodeMirror textarea", "query"], [".tableSizer", "size"]] as const;

// Texts with something in them.
const PATTERNS: [RegExp, (words: Words, found: RegExpMatchArray) => string][] = [
  [/^(\d+) results? in ([\d.]+) seconds?$/, (words, found) => `${words["results"]} ${found[1]} · ${found[2]} s`],
  [/^Response in ([\d.]+) seconds?$/, (_words, found) => `${found[1]} s`],
  [/^Showing (\d[\d,]*) to (\d[\d,]*) of (\d[\d,]*) (?:entries|entry)(?: \(filtered from (\d[\d,]*) total entries\))?$/, (_words, found) => `${found[1]}–${found[2]} / ${found[3]}${found[4] ? ` (${found[4]})` : ""}`],
  [/^Shows (.*) view$/, (words, found) => words[TEXTS[found[1] ?? ""] ?? ""] ?? found[1] ?? ""],
  [/^(.*): Activate to (?:sort|invert sorting|remove sorting)$/, (words, found) => `${found[1]}: ${words["sort"]}`],
];

export function speak(parent: HTMLElement, words: Words): void {
  const said = (text: string): string => {
    const bare = text.trim();
    const word = TEXTS[bare];
    if (word !== undefined) return words[word] ?? text;
    for (const [pattern, told] of PATTERNS) {
      const found = bare.match(pattern);
      if (found) return told(words, found);
    }
    return text;
  };
  const put = (): void => {
    for (const element of parent.querySelectorAll(ATTRIBUTES.map((name) => `[${name}]`).join())) {
      for (const name of ATTRIBUTES) {
        const text = element.getAttribute(name);
        if (text !== null && said(text) !== text) element.setAttribute(name, said(text));
      }
    }
    // What the data say stands in the body of the table and in the raw answer: that is nobody's to translate.
    const texts = document.createTreeWalker(parent, NodeFilter.SHOW_TEXT);
    while (texts.nextNode()) {
      const node = texts.currentNode as Text;
      if (node.parentElement?.closest("tbody td:not(.dt-empty), .CodeMirror, .drawing, thead .dt-column-title")) continue;
      if (said(node.data) !== node.data) node.data = said(node.data);
    }
    for (const [place, word] of NAMELESS) {
      const element = parent.querySelector(place);
      if (element && element.getAttribute("aria-label") !== words[word]) element.setAttribute("aria-label", words[word] ?? "");
    }
    const numbers = parent.querySelector(".dataTable thead th:first-child .dt-column-title");
    if (numbers && !numbers.textContent) {
      numbers.textContent = words["line"] ?? "";
      numbers.classList.add("visually-hidden");
    }
  };
  put();
  new MutationObserver(put).observe(parent, { subtree: true, childList: true, characterData: true, attributes: true, attributeFilter: ATTRIBUTES });
}
