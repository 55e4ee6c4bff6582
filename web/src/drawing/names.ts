// Which names are shown, and on which side: at every distance as many as do not stand upon each other or upon a node,
// those of the largest nodes first.
import type { Core, NodeSingular } from "cytoscape";

import { FONT, sizeOf, SMALLEST, widthOf } from "./look";

interface Frame {
  x1: number;
  y1: number;
  x2: number;
  y2: number;
}

const AFTER = 60; // milliseconds without a movement
const SIDES = ["below", "above", "right", "left"] as const;
const CLASSES = "above right left nameless";
const GAP = 3;
const STEP = 1.25; // between one size of letters and the next
const ALWAYS = 12; // of the largest nodes, whose names may stand upon smaller nodes
const WIDEST = 0.4; // of the box, for one name

// Does so from now on; the function it gives does it at once, for names that have just come.
export function keepNamesApart(view: Core): () => void {
  let waiting: number | undefined;
  let writing = false;
  let measured = 0; // grows when the fonts have come: a name is measured anew where its size differs
  const soon = (): void => {
    if (writing) return;
    clearTimeout(waiting);
    waiting = window.setTimeout(now, AFTER);
  };
  const now = (): void => {
    if (view.destroyed()) return; // between the movement and this moment; Cytoscape ends a batch of such a view in an error
    writing = true;
    write(view, measured);
    writing = false;
  };
  view.on("viewport resize add remove position data", soon);
  view.on("class", "node", soon);
  void document.fonts.ready.then(() => {
    measured = 0.01;
    now();
  });
  now();
  return now;
}

function write(view: Core, more: number): void {
  const step = STEP ** Math.ceil(Math.log(SMALLEST / view.zoom()) / Math.log(STEP)); // not anew at each turn of the wheel
  const font = Math.max(FONT, step) + more;
  const near = view.nodes(".chosen").neighborhood();
  const known = view.nodes().map((node, at) => ({ node, at, rank: rank(node, near.contains(node)) }));
  known.sort((one, other) => other.rank - one.rank || one.at - other.at);
  view.batch(() => known.forEach(({ node }) => resize(node, font, (WIDEST * view.width()) / view.zoom())));
  const bodies = known.map(({ node }) => bodyOf(node));
  const seen = view.extent() as Frame;
  const placed: Frame[] = [];
  const sides = known.map(({ node }, own) => {
    const body = bodies[own] as Frame;
    const name = node.boundingBox({ includeNodes: false, includeEdges: false, includeOverlays: false }) as Frame;
    const frames = SIDES.map((side) => beside(body, name.x2 - name.x1, name.y2 - name.y1, side));
    const covered = frames.map((frame) => (placed.some((one) => meet(one, frame)) || cut(frame, body, seen) ? Infinity : bodies.filter((one, at) => at !== own && meet(one, frame)).length));
    const least = Math.min(...covered);
    const side = least === 0 || (least < Infinity && own < ALWAYS) ? covered.indexOf(least) : node.hasClass("chosen") ? 0 : -1;
    if (side >= 0) placed.push(frames[side] as Frame);
    return SIDES[side] ?? "nameless";
  });
  view.batch(() =>
    known.forEach(({ node }, at) => {
      const side = sides[at] ?? "nameless";
      if (node.scratch("side") === side) return;
      node.scratch("side", side).removeClass(CLASSES).addClass(side);
    }),
  );
}

function resize(node: NodeSingular, font: number, widest: number): void {
  const size = font + 4 * Number(node.data("size") ?? 0);
  const width = Math.min(widthOf(size), widest);
  if (node.scratch("font") === size && node.scratch("width") === width) return;
  node.scratch("font", size).scratch("width", width).style({ "font-size": size, "text-max-width": `${width}px` });
}

// The chosen node goes first, then what it is tied to, then by size.
function rank(node: NodeSingular, near: boolean): number {
  return (node.hasClass("chosen") ? 4 : near ? 2 : 0) + Number(node.data("size") ?? 0);
}

function bodyOf(node: NodeSingular): Frame {
  const { x, y } = node.position();
  const half = sizeOf(node) / 2;
  return { x1: x - half, x2: x + half, y1: y - half, y2: y + half };
}

function beside(body: Frame, width: number, height: number, side: (typeof SIDES)[number]): Frame {
  const [x, y] = [(body.x1 + body.x2) / 2, (body.y1 + body.y2) / 2];
  if (side === "below") return { x1: x - width / 2, x2: x + width / 2, y1: body.y2 + GAP, y2: body.y2 + GAP + height };
  if (side === "above") return { x1: x - width / 2, x2: x + width / 2, y1: body.y1 - GAP - height, y2: body.y1 - GAP };
  if (side === "right") return { x1: body.x2 + GAP, x2: body.x2 + GAP + width, y1: y - height / 2, y2: y + height / 2 };
  return { x1: body.x1 - GAP - width, x2: body.x1 - GAP, y1: y - height / 2, y2: y + height / 2 };
}

// Whether a name would be cut by the edge of the box, though its node is in sight.
function cut(name: Frame, body: Frame, seen: Frame): boolean {
  return meet(body, seen) && (name.x1 < seen.x1 || name.x2 > seen.x2 || name.y1 < seen.y1 || name.y2 > seen.y2);
}

function meet(one: Frame, other: Frame): boolean {
  return one.x1 < other.x2 && other.x1 < one.x2 && one.y1 < other.y2 && other.y1 < one.y2;
}
