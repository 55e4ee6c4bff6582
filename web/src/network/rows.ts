// Keeps the tables equal to the drawing: a row for each node and tie that was added.
import type { Edge, Node } from "./answer";

export type Spaces = [prefix: string, iri: string, path: string][];
export type Classes = Record<string, { label: string; lang: string | null }>;

const part = (row: DocumentFragment, name: string): HTMLElement | null => row.querySelector(`[data-part="${name}"]`);

function named(place: HTMLElement | null, thing: { label: string; lang: string | null } | undefined): void {
  if (!place || !thing) return;
  place.textContent = thing.label;
  if (thing.lang && thing.lang !== document.documentElement.lang) place.lang = thing.lang;
}

export function addNode(node: Node, spaces: Spaces, classes: Classes, ties: number): void {
  const row = stencil("#node-row");
  if (!row) return;
  row.querySelector("tr")?.setAttribute("data-node", node.id);
  const link = part(row, "name");
  link?.setAttribute("href", address(spaces, node.id));
  named(link, node);
  named(part(row, "class"), node.kind ?? classes[node.class]);
  const count = part(row, "ties");
  if (count) count.textContent = String(ties);
  aim(part(row, "middle"), node.id);
  row.querySelectorAll("[aria-label]").forEach((one) => one.setAttribute("aria-label", `${one.getAttribute("aria-label")} ${node.label}`));
  document.querySelector("#nodes")?.append(row);
}

export function addEdge(edge: Edge, spaces: Spaces, things: Map<string, Node>): void {
  const row = stencil("#edge-row");
  if (!row) return;
  named(part(row, "source"), things.get(edge.source));
  named(part(row, "target"), things.get(edge.target));
  named(part(row, "role"), { label: edge.label, lang: (edge.roles ?? edge.shared)?.[0]?.lang ?? null });
  if (!edge.planned) part(row, "planned")?.remove();
  const claim = (edge.claims ?? edge.shared?.[0]?.facts)?.[0];
  if (claim) part(row, "why")?.setAttribute("href", address(spaces, claim.claim));
  document.querySelector("#edges")?.append(row);
}

// The page of a thing, from its prefixed name or its IRI.
export function address(spaces: Spaces, name: string): string {
  for (const [prefix, iri, path] of spaces) {
    for (const start of [`${prefix}:`, iri]) if (name.startsWith(start)) return path + name.slice(start.length);
  }
  return name;
}

export function aim(link: Element | null, id: string): void {
  if (!(link instanceof HTMLAnchorElement)) return;
  const to = new URL(link.getAttribute("href") ?? "", location.href); // a template has no address of its own
  to.searchParams.set("actor", id);
  link.href = to.href;
}

function stencil(selector: string): DocumentFragment | undefined {
  const found = document.querySelector<HTMLTemplateElement>(selector);
  return found?.content.cloneNode(true) as DocumentFragment | undefined;
}
