// Gives a drawing away as a file: PNG by Cytoscape itself, SVG by cytoscape-svg.
import cytoscape, { type Core } from "cytoscape";
import svg from "cytoscape-svg";

import { colour } from "./look";

cytoscape.use(svg);

export function picture(view: Core, form: string): string {
  const paper = colour("paper");
  if (form === "svg") {
    const text = (view as Core & { svg(options: object): string }).svg({ full: true, scale: 1, bg: paper });
    return URL.createObjectURL(new Blob([text], { type: "image/svg+xml" }));
  }
  // As large as a canvas may safely be, at twice the size on the screen at most.
  const { w, h } = view.elements().boundingBox();
  const scale = Math.min(2, 8000 / Math.max(w, h, 1));
  return URL.createObjectURL(view.png({ full: true, scale, bg: paper, output: "blob" }));
}
