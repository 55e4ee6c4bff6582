// Asks /network for the neighbours of a node, under the filters of the page.
export interface Node {
  id: string;
  iri: string;
  label: string;
  lang: string | null;
  class: string;
  kind: { label: string; lang: string | null } | null;
}
export interface Edge {
  source: string;
  target: string;
  label: string;
  planned: boolean;
  roles?: { lang: string | null }[];
  claims?: { claim: string }[];
  shared?: { lang: string | null; facts: { claim: string }[] }[];
}
export interface Answer {
  nodes: Node[];
  edges: Edge[];
  leftOut: number;
}

const OF_THE_PAGE = ["depth", "limit", "fan", "part", "measure", "theme", "format"];
const MOST = 30; // with the node itself: more at once cannot be read

export async function neighbours(source: string, id: string): Promise<Answer> {
  const address = new URL(source, document.baseURI);
  const given = new URLSearchParams(location.search);
  OF_THE_PAGE.forEach((name) => given.delete(name));
  given.set("actor", id);
  given.set("limit", String(MOST));
  given.set("lang", document.documentElement.lang);
  address.search = given.toString();
  const answer = await fetch(address, { headers: { accept: "application/json" } });
  if (!answer.ok) throw new Error(String(answer.status));
  const { elements, left_out } = (await answer.json()) as {
    elements: { nodes: { data: Node }[]; edges: { data: Edge }[] };
    left_out: { nodes: number };
  };
  return { nodes: elements.nodes.map((one) => one.data), edges: elements.edges.map((one) => one.data), leftOut: left_out.nodes };
}
