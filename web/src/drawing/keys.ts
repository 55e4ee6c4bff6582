// Moves about in a drawing by keyboard and buttons: from node to node, nearer, farther, all of it.
import type { Core, NodeSingular } from "cytoscape";

import { MARGIN } from "./arrange";

const WAYS: Record<string, [number, number]> = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const STEP = 1.3;

export function zoom(view: Core, factor: number): void {
  view.zoom({ level: view.zoom() * factor, renderedPosition: { x: view.width() / 2, y: view.height() / 2 } });
}

export const nearer = (view: Core): void => zoom(view, STEP);
export const farther = (view: Core): void => zoom(view, 1 / STEP);
export const all = (view: Core): void => void view.fit(undefined, MARGIN);

export function listen(container: HTMLElement, view: Core, choose: (node: NodeSingular) => void, enter: (node: NodeSingular) => void): void {
  container.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey) return;
    const chosen = view.nodes(".chosen").first() as unknown as NodeSingular;
    const way = WAYS[event.key];
    if (way) {
      const next = chosen.nonempty() ? nearest(view, chosen, way) : view.nodes().first();
      if (next?.nonempty()) choose(next);
    } else if (event.key === "Enter" && chosen.nonempty()) enter(chosen);
    else if (event.key === "+" || event.key === "=") nearer(view);
    else if (event.key === "-") farther(view);
    else if (event.key === "0") all(view);
    else return;
    event.preventDefault();
  });
}

// The node that lies nearest in one direction; what lies aside counts as twice as far.
function nearest(view: Core, from: NodeSingular, [x, y]: [number, number]): NodeSingular | undefined {
  const start = from.position();
  let best: NodeSingular | undefined;
  let least = Infinity;
  view.nodes().forEach((node) => {
    const { x: across, y: down } = node.position();
    const ahead = (across - start.x) * x + (down - start.y) * y;
    const aside = Math.abs((across - start.x) * y) + Math.abs((down - start.y) * x);
    if (ahead <= 0 || node.same(from)) return;
    const far = ahead + 2 * aside;
    if (far < least) [best, least] = [node, far];
  });
  return best;
}
