// Gives a layout the shape of its box, and moves nodes apart until no name stands upon another.
import type { Core, NodeCollection, NodeSingular } from "cytoscape";

import { FONT, LETTERS_IN_A_LINE, sizeOf } from "./look";

const NAMED = 60; // nodes whose names are given room, the largest first; of the others only the nodes are
const ROUNDS = 120;
const EVENEST = 0.6;
const FULLEST = 0.45; // share of the box that names and nodes may fill before the drawing grows beyond it

interface Box {
  x: number;
  y: number;
  left: number; // from the middle of the node to each side of what it takes up
  up: number;
  down: number;
  fixed: boolean;
}

// Stretched to the box, the more evenly the more nodes there are; larger than it where names need the room.
export function fill(view: Core): void {
  const nodes = view.nodes();
  const [width, height] = [Math.max(view.width(), 1), Math.max(view.height(), 1)];
  const named = withNames(view);
  const taken = nodes.map((node) => takes(node, named)).reduce((sum, one) => sum + 2 * one.left * (one.up + one.down), 0);
  const scale = Math.max(1, Math.sqrt(taken / (FULLEST * width * height)));
  const even = Math.min(EVENEST, nodes.length / 150);
  const across = stretched(nodes.map((node) => node.position("x")), 0.84 * width * scale, even);
  const down = stretched(nodes.map((node) => node.position("y")), 0.8 * height * scale, even);
  view.batch(() => nodes.forEach((node, at) => void node.position({ x: across[at] ?? 0, y: down[at] ?? 0 })));
}

// Numbers brought to a width, about 0: partly as far apart as they were, partly each as far from the next as all others.
function stretched(found: number[], width: number, even: number): number[] {
  const [low, high] = [Math.min(...found), Math.max(...found)];
  if (high === low) return found.map(() => 0);
  const order = [...found.keys()].sort((one, other) => (found[one] ?? 0) - (found[other] ?? 0) || one - other);
  const places: number[] = [];
  order.forEach((at, place) => (places[at] = place / (found.length - 1)));
  return found.map((at, number) => ((1 - even) * ((at - low) / (high - low)) + even * (places[number] ?? 0) - 0.5) * width);
}

function withNames(view: Core): Set<string> {
  const ranked = view.nodes().map((node, at) => ({ id: node.id(), at, size: sizeOf(node) }));
  ranked.sort((one, other) => other.size - one.size || one.at - other.at);
  return new Set(ranked.slice(0, NAMED).map((one) => one.id));
}

export function separate(view: Core, settled: NodeCollection): void {
  const nodes = view.nodes();
  const named = withNames(view);
  const boxes = nodes.map((node) => ({ ...node.position(), ...takes(node, named), fixed: settled.contains(node) }));
  for (let round = 0, moved = true; moved && round < ROUNDS; round++) {
    moved = false;
    for (let one = 0; one < boxes.length; one++) {
      for (let other = one + 1; other < boxes.length; other++) moved = apart(boxes[one] as Box, boxes[other] as Box) || moved;
    }
  }
  view.batch(() => {
    nodes.forEach((node, at) => void node.position({ x: boxes[at]?.x ?? 0, y: boxes[at]?.y ?? 0 }));
  });
}

// How much a node takes up with its name below it; told from the number of letters, for a font may not have come yet.
function takes(node: NodeSingular, named: Set<string>): Omit<Box, "x" | "y" | "fixed"> {
  const half = sizeOf(node) / 2;
  if (!named.has(node.id())) return { left: half + 6, up: half + 6, down: half + 6 };
  const letters = String(node.data("label")).length;
  const [across, lines] = [Math.min(letters, LETTERS_IN_A_LINE), Math.ceil(letters / (0.85 * LETTERS_IN_A_LINE))];
  return { left: Math.max(half, 0.29 * FONT * across) + 5, up: half + 4, down: half + 1.25 * FONT * Math.min(lines, 3) + 6 };
}

// Moves two that overlap apart the shorter way, each by half; whether they did.
function apart(one: Box, other: Box): boolean {
  const across = one.left + other.left - Math.abs(one.x - other.x);
  const downwards = one.y <= other.y ? one.down + other.up - (other.y - one.y) : other.down + one.up - (one.y - other.y);
  if (across <= 0.5 || downwards <= 0.5 || (one.fixed && other.fixed)) return false;
  const share = one.fixed || other.fixed ? 1 : 0.5;
  const [x, y] = across < downwards ? [across, 0] : [0, downwards];
  const [right, below] = [one.x <= other.x ? 1 : -1, one.y <= other.y ? 1 : -1];
  if (!one.fixed) [one.x, one.y] = [one.x - right * x * share, one.y - below * y * share];
  if (!other.fixed) [other.x, other.y] = [other.x + right * x * share, other.y + below * y * share];
  return true;
}
