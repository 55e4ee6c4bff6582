// Completes classes and properties by name or label, and things by any of their labels, as prefixed names.
import type Yasqe from "@zazuko/yasqe";

export type Term = [name: string, label: string];
export type Spaces = [prefix: string, iri: string, path: string][];

interface Found {
  results: { iri: string; label: string; classes: string[] }[];
}

const FEWEST = 2; // letters before anything is looked up
const WORD = /[\p{L}\p{N}_:.-]+$/u;

export function completer(terms: Term[], spaces: Spaces, suggest: string, prefixes: Record<string, string>) {
  const labels = new Map<string, string>(terms);
  return {
    name: "edugraph",
    bulk: false,
    autoShow: false,
    persistenceId: null,
    isValidCompletionPosition: (editor: Yasqe): boolean => {
      const token = editor.getCompleteToken();
      return token.type !== "comment" && !/^["'?$]/.test(token.string);
    },
    // A word in any script, up to the cursor: SPARQL's own tokens end at letters that stand outside a label.
    preProcessToken: (editor: Yasqe, token: { string: string }) => {
      const { line, ch } = editor.getDoc().getCursor();
      const word = WORD.exec((editor.getDoc().getLine(line) ?? "").slice(0, ch))?.[0] ?? "";
      return { ...token, string: word, autocompletionString: word, from: { ch: ch - word.length }, to: { ch } };
    },
    get: async (_editor: Yasqe, token?: { autocompletionString?: string }): Promise<string[]> => {
      const text = token?.autocompletionString ?? "";
      const bare = text.replace(/^[\w-]*:/, "").toLowerCase();
      const fits = terms.filter(([name, label]) => name.replace(/^.*?:/, "").toLowerCase().startsWith(bare) || label.toLowerCase().includes(bare));
      const local = text.replace(/^[\w-]*:/, "");
      const begins = ([name]: Term): number => Number(!name.replace(/^.*?:/, "").startsWith(local));
      fits.sort((one, other) => begins(one) - begins(other));
      const names = bare.length < FEWEST && !text.includes(":") ? [] : fits.map(([name]) => name);
      if (bare.length < FEWEST || text.startsWith("edg:")) return names;
      const address = new URL(suggest, document.baseURI);
      address.searchParams.set("q", bare);
      address.searchParams.set("lang", document.documentElement.lang);
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (!answer.ok) return names;
      // Terms of the ontology stand among ours already.
      const found = ((await answer.json()) as Found).results.filter((one) => !one.iri.startsWith(prefixes["edg"] ?? " "));
      const things = found.map((one) => {
        const name = shortened(one.iri, spaces);
        labels.set(name, one.label);
        return name;
      });
      return [...new Set([...names, ...things])];
    },
    postprocessHints: (editor: Yasqe, hints: { text: string; displayText: string; from?: unknown; to?: unknown }[]) =>
      hints.map((hint) => ({
        ...hint,
        displayText: labels.get(hint.text) ? `${labels.get(hint.text)}  ·  ${hint.text}` : hint.text,
        hint: (): void => {
          editor.getDoc().replaceRange(hint.text, hint.from as never, hint.to as never, "complete");
          const prefix = hint.text.split(":")[0] ?? "";
          if (!hint.text.startsWith("<") && prefixes[prefix]) editor.addPrefixes({ [prefix]: prefixes[prefix] });
        },
      })),
  };
}

// The prefixed name of one of our things; the IRI itself where that is no name that SPARQL reads without escapes.
export function shortened(iri: string, spaces: Spaces): string {
  for (const [prefix, start] of spaces) {
    const rest = iri.slice(start.length);
    if (iri.startsWith(start) && /^[\p{L}\p{N}_][\p{L}\p{N}_-]*$/u.test(rest)) return `${prefix}:${rest}`;
  }
  return `<${iri}>`;
}
