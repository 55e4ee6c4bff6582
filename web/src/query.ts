// The SPARQL editor that people know, on this service alone: own prefixes, own completion, errors at their line.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import "./query/theme.css";

interface Setup {
  endpoint: string;
  suggest: string;
  prefixes: Record<string, string>;
  terms: string[];
  query: string;
  words: { stop: string; line: string };
}

const place = document.querySelector<HTMLElement>("#editor");
const told = document.querySelector("#setup")?.textContent;
if (place && told) start(place, JSON.parse(told) as Setup);

function start(parent: HTMLElement, setup: Setup): void {
  const endpoint = new URL(setup.endpoint, location.href).href;
  const form = document.querySelector<HTMLElement>("#plain");
  const notice = document.querySelector<HTMLElement>("#notice");
  const stop = document.querySelector<HTMLButtonElement>("#stop");
  const Yasqe = Yasgui.Yasqe;
  Yasqe.defaults.autocompleters = ["variables"];
  complete(setup);
  const gui = new Yasgui(parent, {
    persistenceId: null,
    populateFromUrl: false,
    copyEndpointOnNewTab: true,
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    yasqe: { value: setup.query, persistenceId: null, prefixCcApi: "", createShareableLink: null },
    yasr: { prefixes: setup.prefixes, persistenceId: null },
  } as unknown as ConstructorParameters<typeof Yasgui>[1]);
  if (form) form.hidden = true;
  const tab = gui.getTab();
  if (!tab) return;
  tab.setQuery(setup.query);
  const editor = tab.getYasqe();
  const calm = (): void => {
    notice?.replaceChildren();
    editor.getDoc().eachLine((line) => void editor.removeLineClass(line, "background", "wrong-line"));
  };
  editor.on("query", () => {
    calm();
    if (stop) stop.hidden = false;
  });
  const ended = (): void => {
    if (stop) stop.hidden = true;
  };
  editor.on("queryAbort", ended);
  editor.on("queryResponse", (_editor: unknown, response: unknown) => {
    ended();
    const problem = problemOf(response);
    if (!problem || !notice) return;
    const text = document.createElement("p");
    text.textContent = [problem.title, problem.detail].filter(Boolean).join(": ");
    notice.replaceChildren(text);
    if (problem.line) {
      editor.addLineClass(problem.line - 1, "background", "wrong-line");
      editor.scrollIntoView({ line: problem.line - 1, ch: 0 });
      text.textContent = `${setup.words.line} ${problem.line}: ${text.textContent}`;
    }
  });
  stop?.addEventListener("click", () => editor.abortQuery());
  document.querySelector("#share")?.addEventListener("click", (event) => {
    const address = new URL(location.pathname, location.href);
    address.searchParams.set("query", editor.getValue());
    history.replaceState(null, "", address);
    void navigator.clipboard?.writeText(address.href).catch(() => undefined);
    event.preventDefault();
  });
}

interface Problem {
  title?: string;
  detail?: string;
  line?: number;
}

// A failed request comes as an error whose message is the body: here, a problem document.
function problemOf(response: unknown): Problem | undefined {
  if (!(response instanceof Error)) return undefined;
  try {
    return JSON.parse(response.message) as Problem;
  } catch {
    return { title: response.message };
  }
}

// Classes and properties of the ontology by the beginning of their name, and things by any of their labels.
function complete(setup: Setup): void {
  Yasgui.Yasqe.registerAutocompleter({
    name: "edugraph",
    bulk: false,
    autoShow: false,
    persistenceId: null,
    isValidCompletionPosition: (editor) => !/^["?$]/.test(editor.getCompleteToken().string),
    get: async (_editor, token) => {
      const text = token?.string.trim() ?? "";
      const bare = text.replace(/^edg:/, "").toLowerCase();
      const terms = setup.terms.filter((term) => term.slice(4).toLowerCase().startsWith(bare));
      if (bare.length < 2 || text.startsWith("edg:")) return terms;
      const address = new URL(setup.suggest, document.baseURI);
      address.searchParams.set("q", bare);
      const answer = await fetch(address, { headers: { accept: "application/json" } });
      if (!answer.ok) return terms;
      const found = ((await answer.json()) as { results: { iri: string }[] }).results;
      return [...terms, ...found.map((one) => `<${one.iri}>`)];
    },
  });
}
