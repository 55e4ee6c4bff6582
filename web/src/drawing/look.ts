// How a graph looks: shapes by class, colours from the page's tokens in its present light.
import type { NodeSingular, StylesheetJson } from "cytoscape";

export const FONT = 14; // of names, in pixels of the drawing at its own size
export const SMALLEST = 11; // of names, in pixels of the screen, however far away
export const LETTERS_IN_A_LINE = 22;
export const widthOf = (font: number): number => 0.58 * font * LETTERS_IN_A_LINE; // of a line of a name
const [SMALL, LARGE] = [16, 46]; // how wide nodes are

export const sizeOf = (node: NodeSingular): number => SMALL + Number(node.data("size") ?? 0) * (LARGE - SMALL);

export interface Look {
  shapes: Record<string, string>;
  groups: Record<string, string>;
  directed?: boolean; // unless false, an edge ends in an arrow
}

const GROUPS: Record<string, string> = { actor: "accent", activity: "activity", other: "other" };

// The tokens hold light-dark(): a computed colour is asked of a real element.
export function colour(name: string): string {
  const probe = document.createElement("span");
  probe.className = `colour-${name}`;
  probe.hidden = true;
  document.body.append(probe);
  const found = getComputedStyle(probe).color;
  probe.remove();
  return found;
}

export function dress(look: Look): StylesheetJson {
  const shapes = Object.entries(look.shapes).map(([cls, shape]) => ({
    selector: `node[class = "${cls}"]`,
    style: { shape, "background-color": colour(GROUPS[look.groups[cls] ?? "other"] ?? "other") },
  }));
  return [
    {
      selector: "node",
      style: {
        label: "data(label)",
        "background-color": colour("other"),
        color: colour("ink"),
        "font-family": getComputedStyle(document.body).fontFamily,
        "font-size": FONT,
        "text-wrap": "wrap",
        "text-max-width": widthOf(FONT),
        "text-valign": "bottom",
        "text-margin-y": 3,
        "text-outline-color": colour("paper"),
        "text-outline-width": 2,
        width: `mapData(size, 0, 1, ${SMALL}, ${LARGE})`,
        height: `mapData(size, 0, 1, ${SMALL}, ${LARGE})`,
      },
    },
    ...shapes,
    {
      selector: "edge",
      style: {
        width: 1.3,
        "line-color": colour("rule"),
        "curve-style": "straight",
        "target-arrow-shape": look.directed === false ? "none" : "triangle",
        "target-arrow-color": colour("rule"),
        "arrow-scale": 0.7,
      },
    },
    { selector: "edge[label]", style: { label: "data(label)", "font-size": 11, color: colour("ink"), "text-rotation": "autorotate", "min-zoomed-font-size": 7, "text-background-color": colour("paper"), "text-background-opacity": 0.8 } },
    { selector: "edge[?planned]", style: { "line-style": "dashed", "line-color": colour("planned"), "target-arrow-color": colour("planned") } },
    { selector: "node.above", style: { "text-valign": "top", "text-margin-y": -3 } },
    { selector: "node.right", style: { "text-valign": "center", "text-halign": "right", "text-justification": "left", "text-margin-x": 4, "text-margin-y": 0 } },
    { selector: "node.left", style: { "text-valign": "center", "text-halign": "left", "text-justification": "right", "text-margin-x": -4, "text-margin-y": 0 } },
    { selector: "node.nameless", style: { "text-opacity": 0, "text-outline-opacity": 0 } },
    { selector: ".faint", style: { opacity: 0.25 } },
    { selector: "node.chosen", style: { "border-width": 4, "border-color": colour("focus") } },
  ] as unknown as StylesheetJson;
}
