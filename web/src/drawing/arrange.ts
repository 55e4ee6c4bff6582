// Finds places for nodes so that the same graph always comes out the same; what is in place already stays there.
import cytoscape, { type Core, type LayoutOptions, type NodeCollection } from "cytoscape";
import fcose from "cytoscape-fcose";

import { fill, separate } from "./room";

cytoscape.use(fcose);

const FEW = 60; // nodes up to which there is room for every name
const FAST = 300; // nodes above which the layout is cut short
export const MARGIN = 24; // pixels about all of it

export function arrange(view: Core, added?: NodeCollection): void {
  if (view.nodes().empty()) return;
  const settled = (added ? view.nodes().difference(added) : view.collection()) as NodeCollection;
  added?.forEach((node, place) => {
    // New nodes begin around the one that they came from, on a spiral, so that no two begin at one spot.
    const from = node.neighborhood().nodes().intersection(settled).first() as NodeCollection;
    const middle = from.nonempty() ? from.first().position() : { x: 0, y: 0 };
    const distance = 60 + 6 * place;
    node.position({ x: middle.x + distance * Math.cos(2.4 * place), y: middle.y + distance * Math.sin(2.4 * place) });
  });
  const options = {
    name: "fcose",
    quality: view.nodes().length > FAST && !added ? "default" : "proof",
    randomize: settled.empty(),
    animate: false,
    fit: false,
    nodeSeparation: 90,
    nodeDimensionsIncludeLabels: false, // their width follows from whether the font has come yet
    idealEdgeLength: () => (view.nodes().length <= FEW && !added ? 160 : 110),
    nodeRepulsion: () => 16000,
    gravity: 0.35,
    numIter: 1500,
    fixedNodeConstraint: settled.map((node) => ({ nodeId: node.id(), position: { ...node.position() } })),
  };
  sameEachTime(() => view.layout(options as unknown as LayoutOptions).run());
  if (settled.empty()) fill(view);
  separate(view, settled);
  if (settled.empty()) view.fit(undefined, MARGIN);
}

// The layout takes no seed (cytoscape.js-fcose, issue 36), so it draws its random numbers from a row of our own.
function sameEachTime(run: () => void): void {
  const random = Math.random;
  let state = 1;
  Math.random = (): number => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 4294967296;
  };
  try {
    run();
  } finally {
    Math.random = random;
  }
}
