// The network explorer: draws what the page lists, adds neighbours by click, key or button, and keeps the tables equal.
import cytoscape, { type Core, type NodeSingular } from "cytoscape";

import { arrange } from "./drawing/arrange";
import { all, farther, listen, nearer } from "./drawing/keys";
import { dress, type Look } from "./drawing/look";
import { keepNamesApart } from "./drawing/names";
import { picture } from "./drawing/pictures";
import { neighbours, type Answer } from "./network/answer";
import { addEdge, addNode, address, aim, type Classes, type Spaces } from "./network/rows";

interface Drawn extends Look {
  sorts: string[];
  nodes: [id: string, label: string, sort: number, centrality: number][];
  edges: number[][]; // of each node: the numbers of those it is tied to, -1 - number where that is not reported
  most: number;
  spaces: Spaces;
  classes: Classes;
}

const container = document.querySelector<HTMLElement>("#drawing");
const told = document.querySelector("#drawn")?.textContent;
// To find the places of many nodes takes a while: the page is painted before it.
if (container && told) requestAnimationFrame(() => setTimeout(explore, 0, container, JSON.parse(told) as Drawn));

function explore(place: HTMLElement, drawn: Drawn): void {
  document.querySelector<HTMLElement>("[data-explorer]")?.removeAttribute("hidden");
  const words = JSON.parse(place.dataset["words"] ?? "{}") as Record<string, string>;
  const view = open(place, drawn);
  const say = (text: string): void => {
    const status = document.querySelector("#told");
    if (status) status.textContent = text;
  };
  const choose = (node: NodeSingular): void => {
    mark(view, node, drawn.spaces);
    say(`${node.data("label")}. ${words["ties"]}: ${node.degree(false)}`);
  };
  const add = async (node: NodeSingular): Promise<void> => {
    choose(node);
    if (view.nodes().length >= drawn.most) return say(words["full"] ?? "");
    const answer = await neighbours(place.dataset["source"] ?? "", node.id()).catch(() => undefined);
    if (!answer) say(words["failed"] ?? "");
    else {
      const many = grow(view, answer, drawn);
      mark(view, node, drawn.spaces);
      const rest = answer.leftOut ? ` ${words["beyond"]} ${answer.leftOut}` : "";
      say((many ? `${words["added"]} ${many}.` : `${words["none"]}`) + rest);
    }
    place.dataset["nodes"] = String(view.nodes().length);
  };

  view.on("tap", "node", (event) => void add(event.target as NodeSingular));
  listen(place, view, choose, (node) => void add(node));
  document.addEventListener("click", (event) => {
    const link = event.target instanceof Element ? event.target.closest<HTMLElement>("[data-picture], [data-add], [data-do]") : null;
    const row = link?.closest<HTMLElement>("[data-node]")?.dataset["node"];
    const chosen = row === undefined ? view.nodes(".chosen") : view.getElementById(row);
    if (!link) return;
    if (link instanceof HTMLAnchorElement && link.dataset["picture"]) link.href = picture(view, link.dataset["picture"]);
    else if ("add" in link.dataset || link.dataset["do"] === "add") {
      if (chosen.nonempty()) void add(chosen.first() as unknown as NodeSingular);
    } else ({ nearer, farther, all })[link.dataset["do"] as "all"](view);
  });
  document.querySelectorAll<HTMLElement>("[data-add]").forEach((button) => {
    const row = button.closest<HTMLElement>("[data-node]");
    button.hidden = !row || view.getElementById(row.dataset["node"] ?? "").empty();
  });
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => void view.style(dress(drawn)));
  place.dataset["nodes"] = String(view.nodes().length);
}

function open(place: HTMLElement, drawn: Drawn): Core {
  const highest = Math.max(...drawn.nodes.map((node) => node[3]), 1e-9);
  const name = (at: number): string => drawn.nodes[at]?.[0] ?? "";
  const view = cytoscape({
    container: place,
    style: dress(drawn),
    minZoom: 0.05,
    maxZoom: 4,
    elements: {
      nodes: drawn.nodes.map(([id, label, sort, central]) => ({ data: { id, label, class: drawn.sorts[sort], size: central / highest } })),
      edges: drawn.edges.flatMap((others, from) =>
        others.map((told) => {
          const [source, target] = [name(from), name(told < 0 ? -1 - told : told)];
          return { data: { id: `${source} ${target}`, source, target, planned: told < 0 } };
        }),
      ),
    },
    layout: { name: "null" },
  });
  arrange(view);
  keepNamesApart(view);
  return view;
}

// The nodes and ties of an answer that are not drawn yet; how many nodes these were.
function grow(view: Core, answer: Answer, { most, spaces, classes }: Drawn): number {
  const things = new Map(answer.nodes.map((node) => [node.id, node]));
  const isNew = (id: string): boolean => view.getElementById(id).empty();
  const fresh = answer.nodes.filter((node) => isNew(node.id)).slice(0, Math.max(0, most - view.nodes().length));
  const nodes = view.add(fresh.map(({ id, label, class: cls }) => ({ group: "nodes" as const, data: { id, label, class: cls, size: 0 } })));
  const ties = answer.edges.filter((edge) => !isNew(edge.source) && !isNew(edge.target) && isNew(`${edge.source} ${edge.target}`));
  view.add(ties.map(({ source, target, planned }) => ({ group: "edges" as const, data: { id: `${source} ${target}`, source, target, planned } })));
  if (nodes.nonempty()) arrange(view, nodes);
  fresh.forEach((node) => addNode(node, spaces, classes, view.getElementById(node.id).degree(false)));
  ties.forEach((tie) => addEdge(tie, spaces, things));
  return fresh.length;
}

function mark(view: Core, node: NodeSingular, spaces: Spaces): void {
  view.batch(() => {
    view.elements().removeClass("chosen").addClass("faint");
    node.closedNeighborhood().removeClass("faint");
    node.addClass("chosen");
  });
  const seen = view.extent();
  const { x, y } = node.position();
  if (x < seen.x1 || x > seen.x2 || y < seen.y1 || y > seen.y2) view.center(node);
  const panel = document.querySelector<HTMLElement>("#chosen");
  if (!panel) return;
  panel.hidden = false;
  const link = panel.querySelector<HTMLAnchorElement>('[data-part="name"]');
  if (link) {
    link.textContent = String(node.data("label"));
    link.href = address(spaces, node.id());
  }
  aim(panel.querySelector('[data-part="middle"]'), node.id());
}
