// Draws the answer of a CONSTRUCT or DESCRIBE: things as nodes by their labels, texts and numbers too while there are few.
import cytoscape, { type Core, type ElementDefinition, type NodeSingular } from "cytoscape";

import { arrange } from "../drawing/arrange";
import { listen } from "../drawing/keys";
import { dress, type Look } from "../drawing/look";
import { keepNamesApart } from "../drawing/names";
import { picture } from "../drawing/pictures";
import { shortened, type Spaces, type Term } from "./complete";

export interface Statement {
  subject: Name;
  predicate: Name;
  object: Name;
}
interface Name {
  termType: string;
  value: string;
  language?: string;
}
export interface Frame extends Look {
  endpoint: string;
  spaces: Spaces;
  terms: Term[];
  most: number;
  languages: string[];
  words: Record<string, string>;
}

const WITH_TEXTS = 150; // statements up to which texts and numbers are drawn as nodes of their own
const LABEL = ["http://www.w3.org/2004/02/skos/core#prefLabel", "http://www.w3.org/2000/01/rdf-schema#label"];
const TYPE = "http://www.w3.org/1999/02/22-rdf-syntax-ns#type";

export interface Drawing {
  view: Core;
  svg: () => string;
}

export function drawGraph(parent: HTMLElement, statements: Statement[], frame: Frame): Drawing {
  const { nodes, edges, texts } = elements(statements, frame);
  const told = document.createElement("p");
  told.className = "quiet";
  told.setAttribute("role", "status");
  const beyond = nodes.length > frame.most ? ` ${frame.words["beyond"]} ${nodes.length - frame.most}.` : "";
  told.textContent = `${frame.words["nodes"]} ${Math.min(nodes.length, frame.most)}.${beyond}${texts ? ` ${frame.words["texts"]} ${texts}.` : ""}`;
  const place = document.createElement("div");
  place.className = "drawing";
  place.tabIndex = 0;
  place.setAttribute("role", "application");
  place.setAttribute("aria-label", frame.words["drawing"] ?? "");
  const chosen = document.createElement("p");
  chosen.className = "chosen";
  chosen.hidden = true;
  parent.append(told, place, chosen);

  const kept = new Set(nodes.slice(0, frame.most).map((node) => node.data.id));
  const ties = edges.filter(({ data }) => kept.has(data["source"] as string) && kept.has(data["target"] as string));
  const view = cytoscape({ container: place, style: dress(frame), elements: [...nodes.slice(0, frame.most), ...ties], layout: { name: "null" }, minZoom: 0.05, maxZoom: 4 });
  const highest = Math.max(1, ...view.nodes().map((node) => node.degree(false)));
  view.nodes().forEach((node) => void node.data("size", node.degree(false) / highest));
  arrange(view);
  const placeNames = keepNamesApart(view);
  const choose = (node: NodeSingular): void => {
    view.elements().removeClass("chosen");
    node.addClass("chosen");
    chosen.hidden = false;
    const iri = String(node.id());
    const link = document.createElement(iri.startsWith("http") ? "a" : "span");
    link.textContent = String(node.data("label"));
    if (link instanceof HTMLAnchorElement) link.href = page(iri, frame.spaces);
    chosen.replaceChildren(link);
  };
  view.on("tap", "node", (event) => choose(event.target as NodeSingular));
  listen(place, view, choose, (node) => {
    choose(node);
    chosen.querySelector("a")?.focus();
  });
  place.dataset["nodes"] = String(view.nodes().length);
  void name(view, frame).then(() => {
    placeNames();
    place.dataset["named"] = "true";
  });
  return { view, svg: () => picture(view, "svg") };
}

function elements(statements: Statement[], frame: Frame): { nodes: ElementDefinition[]; edges: ElementDefinition[]; texts: number } {
  const nodes = new Map<string, ElementDefinition>();
  const edges: ElementDefinition[] = [];
  const labels = new Map<string, string>(frame.terms);
  let texts = 0;
  const node = (term: Name, near: string): string => {
    const text = term.termType === "Literal";
    const id = text ? `“${term.value}” ${term.language ?? ""} ${near}` : term.value;
    if (!nodes.has(id)) nodes.set(id, { data: { id, label: text ? `“${term.value}”` : shortened(id, frame.spaces).replace(/^<(.*)>$/, "$1"), class: text ? "Text" : sort(id, frame) } });
    return id;
  };
  for (const { subject, predicate, object } of statements) {
    const source = node(subject, "");
    if (object.termType === "Literal" && (statements.length > WITH_TEXTS || LABEL.includes(predicate.value))) {
      texts += LABEL.includes(predicate.value) ? 0 : 1;
      continue;
    }
    const target = node(object, source);
    const role = predicate.value === TYPE ? "rdf:type" : shortened(predicate.value, [...frame.spaces, ["edg", "https://w3id.org/edugraph/ontology#", ""]]);
    edges.push({ data: { id: `${source} ${role} ${target}`, source, target, label: labels.get(role) ?? role } });
  }
  return { nodes: [...nodes.values()], edges: [...new Map(edges.map((edge) => [edge.data.id, edge])).values()], texts };
}

function sort(iri: string, { spaces, shapes }: Frame): string {
  const space = spaces.find(([, start]) => iri.startsWith(start))?.[1] ?? "";
  const word = space.split("/").at(-2) ?? "";
  const cls = word.charAt(0).toUpperCase() + word.slice(1);
  return cls in shapes ? cls : "Other";
}

function page(iri: string, spaces: Spaces): string {
  const space = spaces.find(([, start]) => iri.startsWith(start));
  return space ? space[2] + iri.slice(space[1].length) : iri;
}

// Gives the nodes their labels in the reader's language, by one query.
async function name(view: Core, { endpoint, languages }: Frame): Promise<void> {
  const iris = view.nodes().map((node) => node.id()).filter((id) => /^https?:[^<>"{}|\\^`\s]*$/.test(id));
  if (!iris.length) return;
  const query = `SELECT ?s ?l WHERE { VALUES ?s { ${iris.map((iri) => `<${iri}>`).join(" ")} } ?s <${LABEL[0]}>|<${LABEL[1]}> ?l }`;
  const answer = await fetch(endpoint, { method: "POST", headers: { accept: "application/sparql-results+json", "content-type": "application/sparql-query" }, body: query });
  if (!answer.ok) return;
  const rank = (lang?: string): number => (languages.indexOf(lang ?? "") + 1 || languages.length + 1);
  const best = new Map<string, { value: string; "xml:lang"?: string }>();
  const rows = ((await answer.json()) as { results: { bindings: { s: { value: string }; l: { value: string; "xml:lang"?: string } }[] } }).results.bindings;
  for (const { s, l } of rows) {
    const there = best.get(s.value);
    if (!there || rank(l["xml:lang"]) < rank(there["xml:lang"])) best.set(s.value, l);
  }
  for (const [iri, label] of best) view.getElementById(iri).data("label", label.value);
}
