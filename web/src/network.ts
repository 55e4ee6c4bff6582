// Draws the network in rings by the number of ties: the same data always gives the same drawing. A click adds neighbours.
import cytoscape from "cytoscape";

interface Drawn {
  nodes: { id: string; label: string; class: string }[];
  edges: { source: string; target: string; planned: boolean }[];
}
interface Answer {
  elements: { nodes: { data: Drawn["nodes"][number] }[]; edges: { data: Drawn["edges"][number] }[] };
}

const place = document.querySelector<HTMLElement>("#drawing");
const told = document.querySelector("#drawn")?.textContent;
if (place && told) draw(place, JSON.parse(told) as Drawn);

function colour(name: string): string {
  // The tokens hold light-dark(): a computed colour is asked of a real element.
  const probe = document.createElement("span");
  probe.className = `colour-${name}`;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

function draw(container: HTMLElement, drawn: Drawn): void {
  const view = cytoscape({
    container,
    elements: [],
    style: [
      {
        selector: "node",
        style: {
          label: "data(label)",
          "background-color": colour("accent"),
          color: colour("ink"),
          "font-size": 11,
          "text-wrap": "ellipsis",
          "text-max-width": "140px",
          width: "mapData(ties, 0, 20, 10, 44)",
          height: "mapData(ties, 0, 20, 10, 44)",
        },
      },
      { selector: 'node[class = "Event"]', style: { shape: "diamond" } },
      { selector: 'node[class = "Person"]', style: { shape: "triangle" } },
      { selector: "edge", style: { width: 1.5, "line-color": colour("rule"), "curve-style": "straight" } },
      { selector: "edge[?planned]", style: { "line-style": "dashed", "line-color": colour("planned") } },
    ],
  });
  add(view, drawn);
  container.setAttribute("data-nodes", String(view.nodes().length));
  view.on("tap", "node", async (event) => {
    const address = new URL(container.dataset["source"] ?? "", document.baseURI);
    address.searchParams.set("actor", String(event.target.id()));
    address.searchParams.set("lang", document.documentElement.lang);
    const answer = await fetch(address, { headers: { accept: "application/json" } });
    if (!answer.ok) return;
    const { elements } = (await answer.json()) as Answer;
    add(view, { nodes: elements.nodes.map((one) => one.data), edges: elements.edges.map((one) => one.data) });
    container.setAttribute("data-nodes", String(view.nodes().length));
  });
  document.querySelector("#picture")?.addEventListener("click", (event) => {
    (event.currentTarget as HTMLAnchorElement).href = view.png({ full: true, scale: 2, bg: colour("paper") });
  });
}

function add(view: cytoscape.Core, drawn: Drawn): void {
  for (const node of drawn.nodes) {
    if (view.getElementById(node.id).empty()) view.add({ data: { ...node, ties: 0 } });
  }
  for (const edge of drawn.edges) {
    const id = `${edge.source} ${edge.target}`;
    if (view.getElementById(id).empty()) view.add({ data: { ...edge, id } });
  }
  view.nodes().forEach((node) => void node.data("ties", node.degree(false)));
  const sorted = (one: cytoscape.NodeSingular): number => one.degree(false);
  view.layout({ name: "concentric", concentric: (node) => sorted(node as unknown as cytoscape.NodeSingular), levelWidth: () => 3, minNodeSpacing: 40, animate: false }).run();
}
