// Draws with vis-network: positions are given, physics is off unless switched on.
import { graph, places, look } from "./state.js";
import { centrality } from "./measures.js";

export const canvas = { network: null, nodes: null, edges: null, shown: null, sizes: new Map(), hovered: null };
const OPTIONS = {
  physics: { enabled: false, barnesHut: { gravitationalConstant: -6000, springLength: 130, avoidOverlap: 0.2 }, stabilization: false },
  layout: { improvedLayout: false, randomSeed: 1 },
  interaction: { hover: true, hideEdgesOnZoom: false, keyboard: { enabled: true, bindToWindow: false }, multiselect: false, tooltipDelay: 1e9 },
  nodes: { font: { size: 16, strokeWidth: 3 }, scaling: { label: { drawThreshold: 2 } }, borderWidth: 1 },
  edges: { arrows: { to: { scaleFactor: 0.6 } }, font: { size: 11, align: "middle", strokeWidth: 3 }, selectionWidth: 2, hoverWidth: 0 },
};
const LABELLED = 40;  // up to so many lines, each is named on the picture
export const INKS = { light: { ground: "#fbfbf9", ink: "#1c2126", faint: "#c2452d" }, dark: { ground: "#14181c", ink: "#e8eaec", faint: "#ff8a70" } };
export const inks = () => INKS[document.documentElement.dataset.theme === "dark" ? "dark" : "light"];

// A page that pyvis wrote has an empty network already; the explorer makes one.
export function start(container) {
  canvas.nodes = window.nodes instanceof vis.DataSet ? window.nodes : new vis.DataSet();
  canvas.edges = window.edges instanceof vis.DataSet ? window.edges : new vis.DataSet();
  canvas.network = window.network instanceof vis.Network ? window.network : new vis.Network(container, { nodes: canvas.nodes, edges: canvas.edges }, {});
  Object.assign(window, canvas);  // as pyvis has them: within reach of a browser's console
  canvas.network.setOptions(OPTIONS);
  const { frame } = canvas.network.canvas;
  frame.setAttribute("role", "application");
  frame.setAttribute("aria-label", "The picture: arrow keys move it, plus and minus zoom. The table below says the same.");
  canvas.network.on("afterDrawing", spotlight);
  canvas.network.on("hoverNode", ({ node }) => hover(node));
  canvas.network.on("blurNode", () => hover(null));
  container.addEventListener("mouseleave", () => { if (canvas.hovered !== null) hover(null); });
  canvas.network.on("zoom", () => { clearTimeout(start.later); start.later = setTimeout(thin, 150); });
  canvas.network.on("dragEnd", ({ nodes }) => nodes.forEach(keepPlace));
}

export function keepPlace(id) {
  const at = canvas.network.getPositions([id])[id];
  if (at) places.set(id, [Math.round(at.x), Math.round(at.y)]);
}

export function draw(shown, actors, edges) {
  canvas.shown = shown;
  canvas.sizes = centrality(look.size, actors, edges);
  const at = spread(shown);
  replace(canvas.nodes, [...shown.actors.map(node), ...shown.groups.map((group) => groupNode(group, at.get(group.id)))]);
  const named = look.names ?? shown.lines.length <= LABELLED;
  replace(canvas.edges, fanned(shown.lines).map(([line, turn]) => lineOf(line, turn, named)));
  canvas.network.setOptions({ physics: { enabled: look.physics }, interaction: { hideEdgesOnDrag: shown.lines.length > 2500 } });
  thin();
  select();
}

function replace(set, wanted) {
  const ids = new Set(wanted.map((one) => one.id));
  set.remove(set.getIds().filter((id) => !ids.has(id)));
  set.update(wanted);
}

const sizeOf = (id) => 8 + 24 * Math.sqrt(canvas.sizes.get(id) || 0);

function node(actor) {
  const { colour, shape } = graph.kinds[actor.kind], [x, y] = places.get(actor.id), pinned = look.pinned.includes(actor.id);
  return { id: actor.id, label: canvas.nodes.get(actor.id)?.label ?? " ", shape, size: Math.round(sizeOf(actor.id)), x, y, physics: !pinned, borderWidth: pinned ? 4 : 1, borderWidthSelected: 4,
    color: { background: colour, border: pinned ? inks().ink : colour, highlight: { background: colour, border: inks().ink }, hover: { background: colour, border: inks().ink } } };
}

// Where groups stand: in the middle of their members, then apart from each other, so that every name can be read.
function spread(shown) {
  const middle = (group, axis) => group.members.reduce((sum, actor) => sum + places.get(actor.id)[axis], 0) / group.members.length;
  const boxes = shown.groups.map((group) => {
    const [x, y] = places.get(group.id) || [middle(group, 0), middle(group, 1)];
    return { id: group.id, fixed: places.has(group.id), x, y, letters: short(group.name).length };
  });
  for (let round = 0; round < 80; round++) if (!pushApart(boxes, labelSize(boxes))) break;
  return new Map(boxes.map(({ id, x, y }) => [id, [Math.round(x), Math.round(y)]]));
}

// How large letters will be when all boxes are in the picture.
function labelSize(boxes) {
  const { clientWidth: w, clientHeight: h } = canvas.network.canvas.frame, span = (axis) => Math.max(...boxes.map((box) => box[axis])) - Math.min(...boxes.map((box) => box[axis])) + 200;
  return boxes.length ? textSize(Math.min(w / span("x"), h / span("y"))) : 15;
}

function pushApart(boxes, size) {
  let moved = false;
  boxes.forEach((one, n) => boxes.slice(n + 1).forEach((other) => {
    const wide = (one.letters + other.letters) * size * 0.3 + 50, high = size * 1.25 + 34;
    const dx = other.x - one.x, dy = other.y - one.y, across = wide - Math.abs(dx), down = high - Math.abs(dy);
    if (across <= 0 || down <= 0 || (one.fixed && other.fixed)) return;
    const [axis, far] = down < across ? ["y", (dy < 0 ? -1 : 1) * down] : ["x", (dx < 0 ? -1 : 1) * across], share = one.fixed || other.fixed ? 1 : 0.5;
    if (!one.fixed) one[axis] -= far * share;
    if (!other.fixed) other[axis] += far * share;
    moved = true;
  }));
  return moved;
}

function groupNode(group, at) {
  return { id: group.id, label: short(group.name), shape: "box", x: at[0], y: at[1], physics: true, borderWidth: 2, margin: 10, widthConstraint: { minimum: 30 + 6 * Math.sqrt(group.members.length) },
    color: { background: inks().ground, border: "#80868f", highlight: { background: inks().ground, border: inks().ink }, hover: { background: inks().ground, border: inks().ink } } };
}

export const short = (text) => text.length > 42 ? `${text.slice(0, 40)}…` : text;

// Lines between the same two are bent apart, each by a turn of its own; a turn is seen from the smaller id.
export function fanned(lines) {
  const pairs = new Map();
  for (const line of lines) {
    const key = [line.source, line.target].sort().join("\u0002");
    pairs.set(key, [...(pairs.get(key) || []), line]);
  }
  return [...pairs.values()].flatMap((pair) => pair.map((line, n) => [line, (n - (pair.length - 1) / 2) * (pair.length > 5 ? 0.13 : 0.22)]));
}

export const isDashed = (line) => !line.edges.some((edge) => edge.realised);
export const colourOf = (line) => {
  const families = new Set(line.edges.map((edge) => edge.family));
  return families.size === 1 ? graph.families[line.edges[0].family] : "#9a8fb0";
};
export const widthOf = (line) => line.edges.length > 1 ? 2 + Math.sqrt(line.edges.length) : Math.round(10 * (1.4 + Math.sqrt(Math.min(line.edges[0].articles, 16)))) / 10;
export const labelOf = (line, named) => [named && (line.edges.length > 1 ? `${line.edges.length} relations` : line.edges[0].label), line.edges.some((edge) => edge.disputed) && "disputed"]
  .filter(Boolean).join(", ");

function lineOf(line, turn, named) {
  const bend = turn * (line.source < line.target ? 1 : -1), disputed = line.edges.some((edge) => edge.disputed);
  const label = short(labelOf(line, named)) || (canvas.edges.get(line.id)?.label ? " " : undefined);  // nothing would leave the last one standing
  return { id: line.id, from: line.source, to: line.target, color: { color: colourOf(line), highlight: colourOf(line), hover: colourOf(line) }, dashes: isDashed(line) ? [7, 6] : false,
    width: widthOf(line), arrows: line.edges.length === 1 && line.edges[0].directed ? "to" : "", label,
    font: { color: disputed ? inks().faint : inks().ink, strokeColor: inks().ground },
    smooth: bend ? { enabled: true, type: bend > 0 ? "curvedCW" : "curvedCCW", roundness: Math.abs(bend) } : { enabled: false } };
}

const textSize = (scale) => Math.round(Math.min(90, Math.max(15, 11.5 / scale)));

// Of labels that would cover each other the one of the larger actor stays; nearer, more of them fit.
export function thin() {
  const size = textSize(canvas.network.getScale()), taken = new Map(), update = [];
  const positions = canvas.network.getPositions(), all = [...canvas.shown.actors, ...canvas.shown.groups];
  const rank = (one) => one.members ? 9 : one.id === look.selected ? 8 : canvas.sizes.get(one.id) || 0;
  const { ink, ground } = inks();
  for (const [, one] of all.map((one) => [rank(one), one]).sort((a, b) => b[0] - a[0])) {
    const at = positions[one.id], now = canvas.nodes.get(one.id);
    if (!at || !now) continue;
    const label = short(one.name), wide = label.length * size * 0.56, low = one.members ? -size : sizeOf(one.id) + 3;
    const fits = isFree(taken, [at.x - wide / 2, at.y + low, at.x + wide / 2, at.y + low + size * 1.25], size * 10), label_ = fits || one.members ? label : " ";
    if (now.label !== label_ || now.font?.size !== size || now.font.color !== ink) update.push({ id: one.id, label: label_, font: { size, color: ink, strokeColor: ground } });
  }
  if (update.length) canvas.nodes.update(update);
}

function isFree(taken, box, cell) {
  const [left, top, right, bottom] = box, keys = [];
  for (let x = Math.floor(left / cell); x <= Math.floor(right / cell); x++) for (let y = Math.floor(top / cell); y <= Math.floor(bottom / cell); y++) keys.push(`${x},${y}`);
  if (keys.some((key) => (taken.get(key) || []).some((other) => left < other[2] && right > other[0] && top < other[3] && bottom > other[1]))) return false;
  for (const key of keys) taken.set(key, [...(taken.get(key) || []), box]);
  return true;
}

function hover(id) {
  canvas.hovered = id;
  document.body.dataset.dimmed = id === null ? "" : "yes";
  document.getElementById("hint").textContent = id === null ? "" : [short(graph.actors.get(id)?.name ?? canvas.shown.groups.find((group) => group.id === id)?.name ?? ""),
    `${canvas.network.getConnectedEdges(id).length} lines`].join(": ");
  canvas.network.redraw();
}

// What is not tied to the actor under the pointer is covered by a veil; the rest is drawn again above it.
function spotlight(context) {
  const id = canvas.hovered, body = canvas.network.body;
  if (id === null || !body.nodes[id]) return;
  const scale = canvas.network.getScale(), middle = canvas.network.getViewPosition(), { clientWidth: w, clientHeight: h } = canvas.network.canvas.frame.canvas;
  context.save();
  context.globalAlpha = 0.82;
  context.fillStyle = inks().ground;
  context.fillRect(middle.x - w / scale, middle.y - h / scale, 2 * w / scale, 2 * h / scale);
  context.restore();
  for (const edge of canvas.network.getConnectedEdges(id)) body.edges[edge]?.draw(context);
  for (const other of [...canvas.network.getConnectedNodes(id), id]) body.nodes[other]?.draw(context)?.drawExternalLabel?.();
}

export function select() {
  canvas.network.unselectAll();
  if (look.selected && canvas.nodes.get(look.selected)) canvas.network.selectNodes([look.selected]);
  else if (look.selected && canvas.edges.get(look.selected)) canvas.network.selectEdges([look.selected]);
}

export function jump(id) {
  const at = places.get(id);
  if (at && canvas.nodes.get(id)) canvas.network.moveTo({ position: { x: at[0], y: at[1] }, scale: Math.max(canvas.network.getScale(), 0.9), animation: false });
  thin();
}

export function fit() {
  canvas.network.fit({ animation: false });
  if (canvas.network.getScale() > 1.3) canvas.network.moveTo({ scale: 1.3 });
  thin();
}
