// The SPARQL editor that people know, on this service alone: own prefixes, own completion, graphs drawn, errors at their line.
import Yasgui from "@zazuko/yasgui";
import "@zazuko/yasgui/build/yasgui.min.css";
import type Yasqe from "@zazuko/yasqe";
import type Yasr from "@zazuko/yasr";
import "./query/theme.css";
import { completer, type Term } from "./query/complete";
import { speak } from "./query/speak";
import type { Drawing, Frame, Statement } from "./query/graph";

interface Setup extends Frame {
  problems: [type: string, title: string, remedy: string][];
  suggest: string;
  prefixes: Record<string, string>;
  terms: Term[];
  query: string;
}

const place = document.querySelector<HTMLElement>("#editor");
const told = document.querySelector("#setup")?.textContent;
if (place && told) start(place, JSON.parse(told) as Setup);

function start(parent: HTMLElement, setup: Setup): void {
  const endpoint = new URL(setup.endpoint, location.href).href;
  const Editor = Yasgui.Yasqe;
  Editor.defaults.autocompleters = ["variables"];
  Editor.registerAutocompleter(completer(setup.terms, setup.spaces, setup.suggest, setup.prefixes) as never);
  Yasgui.Yasr.registerPlugin("graph", plugin({ ...setup, endpoint }) as never);
  const gui = new Yasgui(parent, {
    persistenceId: null,
    autofocus: false, // the Tab key begins at the top of the page, as on every other
    populateFromUrl: false,
    copyEndpointOnNewTab: true,
    requestConfig: { endpoint, method: "POST" },
    endpointCatalogueOptions: { getData: () => [{ endpoint }] },
    yasqe: {
      value: setup.query,
      persistenceId: null,
      prefixCcApi: "",
      createShareableLink: null,
      // The Tab key leaves the editor, as it leaves any field: nobody is trapped in it.
      extraKeys: { Tab: false, "Shift-Tab": false },
    },
    yasr: { prefixes: setup.prefixes, persistenceId: null, pluginOrder: ["table", "graph", "response"] },
  } as unknown as ConstructorParameters<typeof Yasgui>[1]);
  const form = document.querySelector<HTMLElement>("#plain");
  if (form) form.hidden = true;
  const tab = gui.getTab();
  if (!tab) return;
  tab.setQuery(setup.query);
  const editor = tab.getYasqe() as unknown as Yasqe;
  speak(parent, setup.words);
  attend(editor, tab.getYasr() as unknown as Yasr, setup);
  share(editor, setup.words);
}

// What happens around a query: it can be stopped, its graph is drawn, its error is shown at its line.
function attend(editor: Yasqe, results: Yasr, setup: Setup): void {
  const notice = document.querySelector<HTMLElement>("#notice");
  const stop = document.querySelector<HTMLButtonElement>("#stop");
  let stopped = false;
  const ended = (): void => {
    if (stop) stop.hidden = true;
  };
  editor.on("query", () => {
    stopped = false;
    notice?.replaceChildren();
    editor.getDoc().eachLine((line) => void editor.removeLineClass(line, "background", "wrong-line"));
    if (stop) stop.hidden = false;
  });
  editor.on("queryAbort", () => {
    stopped = true;
    ended();
    notice?.replaceChildren(paragraph(setup.words["stopped"] ?? ""));
  });
  editor.on("queryResponse", (_editor: unknown, response: unknown) => {
    ended();
    const problem = problemOf(response);
    if (!problem) {
      const asGraph = ["CONSTRUCT", "DESCRIBE"].includes(editor.getQueryType());
      const seen = results.getSelectedPluginName();
      if (seen !== "response") results.selectPlugin(asGraph ? "graph" : "table");
      return;
    }
    if (stopped) return; // what the browser calls an error is what the reader asked for
    notice?.replaceChildren(...inWords(problem, setup));
    if (!problem.line) return;
    editor.addLineClass(problem.line - 1, "background", "wrong-line");
    editor.scrollIntoView({ line: problem.line - 1, ch: 0 });
  });
  stop?.addEventListener("click", () => editor.abortQuery());
}

// A problem in the reader's words, and what the service says of this very query, in English.
function inWords(problem: Problem, setup: Setup): HTMLElement[] {
  const [, title, remedy] = setup.problems.find(([type]) => type === problem.type) ?? ["", problem.title ?? setup.words["failed"] ?? "", ""];
  const place = problem.line ? `${setup.words["line"]} ${problem.line}: ` : "";
  const detail = paragraph(problem.detail ?? "");
  detail.className = "quiet";
  detail.lang = "en";
  return [paragraph(`${place}${title}${remedy ? `. ${remedy}` : ""}`), ...(problem.detail ? [detail] : [])];
}

function paragraph(text: string): HTMLElement {
  const made = document.createElement("p");
  made.textContent = text;
  return made;
}

function share(editor: Yasqe, words: Record<string, string>): void {
  document.querySelector("#share")?.addEventListener("click", (event) => {
    const address = new URL(location.pathname, location.href);
    address.searchParams.set("query", editor.getValue());
    history.replaceState(null, "", address);
    const status = document.querySelector("#shared");
    if (status) status.textContent = words["shared"] ?? "";
    void navigator.clipboard?.writeText(address.href).catch(() => undefined);
    event.preventDefault();
  });
}

// The plugin of the results; the drawing itself comes only where there is something to draw.
function plugin(frame: Frame): unknown {
  return class {
    priority = 5;
    label = frame.words["graph"];
    private drawn: Drawing | undefined;
    private turn = 0;
    constructor(private results: Yasr) {}
    canHandleResults(): boolean {
      return Boolean(this.statements().length);
    }
    async draw(): Promise<void> {
      const turn = ++this.turn;
      const { drawGraph } = await import("./query/graph");
      if (turn !== this.turn) return; // meanwhile another answer came, or the table was asked for
      this.drawn?.view.destroy(); // of the answer before: Yasr says so only where another plugin follows
      // The table may have been drawn at the same time.
      this.results.resultsEl.replaceChildren();
      this.results.pluginControls.replaceChildren();
      this.drawn = drawGraph(this.results.resultsEl, this.statements(), frame);
    }
    destroy(): void {
      this.turn += 1;
      this.drawn?.view.destroy();
      this.drawn = undefined;
    }
    getIcon(): Element {
      const icon = document.createElementNS("http://www.w3.org/2000/svg", "svg");
      icon.setAttribute("viewBox", "0 0 16 16");
      icon.setAttribute("aria-hidden", "true");
      const path = document.createElementNS(icon.namespaceURI, "path");
      path.setAttribute("d", "M3 0a3 3 0 0 1 2.8 4l4.4 3.5a3 3 0 1 1 0 4.9l-4.5 1.9a2.5 2.5 0 1 1-.4-1l4.2-1.8a3 3 0 0 1-.1-2.9L5 5.2A3 3 0 1 1 3 0z");
      icon.append(path);
      return icon;
    }
    private statements(): Statement[] {
      return (this.results.results?.getStatements() ?? []) as unknown as Statement[];
    }
  };
}

interface Problem {
  type?: string;
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
    return {}; // no answer at all, or none of the service
  }
}
