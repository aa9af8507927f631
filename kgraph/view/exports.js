// What is seen, as a file: PNG, SVG or CSV.
import { graph, nameOf } from "./state.js";
import { canvas, short, fanned, isDashed, colourOf, widthOf, inks } from "./draw.js";
import { byId } from "./elements.js";

function save(name, blob) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
}

// A cell that begins like a formula would be run by a spreadsheet: an apostrophe makes it text.
export const cellOf = (value) => {
  const text = String(value ?? ""), inert = /^'*[\s"\u0000-\u001f\u007f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180e\u200b-\u200f\u202a-\u202e\u2060-\u2069\u3164\ufeff\uffa0]*[=+\-@\t\r|%＝＋－＠％｜﹢﹣﹦﹪﹫−]/.test(text) ? `'${text}` : text;
  return `"${inert.replaceAll('"', '""')}"`;
};
const COLUMNS = ["source", "type", "target", "status", "realised", "disputed", "articles", "origins", "firstReported", "lastReported", "trust", "items", "sourceId", "targetId"];
export const csv = (edges) => [COLUMNS.join(","), ...edges.map((edge) => [nameOf(edge.source), edge.type, nameOf(edge.target), edge.status, edge.realised, edge.disputed, edge.articles,
  edge.origins, edge.firstReported, edge.lastReported, edge.trust, edge.items.join("|"), edge.source, edge.target].map(cellOf).join(","))].join("\r\n") + "\r\n";

function png() {
  const from = canvas.network.canvas.frame.canvas, to = document.createElement("canvas");
  [to.width, to.height] = [from.width, from.height];
  const context = to.getContext("2d");
  context.fillStyle = inks().ground;
  context.fillRect(0, 0, to.width, to.height);
  context.drawImage(from, 0, 0);
  to.toBlob((blob) => save("graph.png", blob));
}

const NS = "http://www.w3.org/2000/svg";
function part(tag, attributes, text) {
  const made = document.createElementNS(NS, tag);
  for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
  if (text !== undefined) made.textContent = text.replace(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\ufffe\uffff]/g, "\ufffd");
  return made;
}

const SIDES = { triangle: [3, -90], square: [4, -45], diamond: [4, -90], hexagon: [6, 0] };
function outline(kind, x, y, size, colour) {
  if (kind === "dot") return part("circle", { cx: x, cy: y, r: size, fill: colour });
  const [count, turn] = SIDES[kind] || [10, -90];
  const corners = Array.from({ length: count }, (_, n) => {
    const angle = (turn + n * 360 / count) * Math.PI / 180, far = kind === "star" && n % 2 ? size * 0.45 : size * 1.1;
    return `${(x + far * Math.cos(angle)).toFixed(1)},${(y + far * Math.sin(angle)).toFixed(1)}`;
  });
  return part("polygon", { points: corners.join(" "), fill: colour });
}

// Words as they stand on the screen: none where they were thinned out, and readable above lines.
function words(text, x, y, size) {
  return part("text", { x, y, "text-anchor": "middle", "font-size": size, fill: inks().ink, stroke: inks().ground, "stroke-width": size / 5, "stroke-linejoin": "round", "paint-order": "stroke" }, text);
}
const seenWords = (drawn) => drawn?.label?.trim() || "", sizeOfWords = (id) => canvas.nodes.get(id)?.font?.size || 14;

// The picture as lines and shapes, with the positions of the screen.
export function svg() {
  const at = canvas.network.getPositions(), ids = Object.keys(at), xs = ids.map((id) => at[id].x), ys = ids.map((id) => at[id].y);
  const [left, top, right, bottom] = ids.length ? [xs.reduce((a, b) => Math.min(a, b)) - 220, ys.reduce((a, b) => Math.min(a, b)) - 60, xs.reduce((a, b) => Math.max(a, b)) + 220, ys.reduce((a, b) => Math.max(a, b)) + 80] : [0, 0, 100, 100];
  const root = part("svg", { xmlns: NS, viewBox: `${left} ${top} ${right - left} ${bottom - top}`, "font-family": "sans-serif" });
  root.append(part("title", {}, graph.title), part("rect", { x: left, y: top, width: right - left, height: bottom - top, fill: inks().ground }));
  const size = (id) => canvas.nodes.get(id)?.size || 14;
  for (const [line, turn] of fanned(canvas.shown.lines)) {
    const a = at[line.source], b = at[line.target];
    if (a && b) root.append(...curve(line, a, b, turn * (line.source < line.target ? 1 : -1), size(line.target)));
  }
  for (const actor of canvas.shown.actors) {
    const { x, y } = at[actor.id], kind = graph.kinds[actor.kind];
    root.append(outline(kind.shape, x, y, size(actor.id), kind.colour));
  }
  for (const actor of canvas.shown.actors) {  // above all shapes
    const { x, y } = at[actor.id], said = seenWords(canvas.nodes.get(actor.id));
    if (said) root.append(words(said, x, y + size(actor.id) + 2 + sizeOfWords(actor.id), sizeOfWords(actor.id)));
  }
  for (const group of canvas.shown.groups) {
    const { x, y } = at[group.id], letters = sizeOfWords(group.id), wide = 0.6 * letters * short(group.name).length + 20, high = 1.25 * letters + 14;
    root.append(part("rect", { x: x - wide / 2, y: y - high / 2, width: wide, height: high, rx: 4, fill: inks().ground, stroke: "#80868f", "stroke-width": 2 }), words(short(group.name), x, y + letters / 3, letters));
  }
  return new XMLSerializer().serializeToString(root);
}

function curve(line, a, b, bend, gap) {
  if (line.source === line.target) return [part("circle", { cx: a.x, cy: a.y - 30, r: 18, fill: "none", stroke: colourOf(line), "stroke-width": widthOf(line) })];
  const [dx, dy] = [b.x - a.x, b.y - a.y], via = { x: (a.x + b.x) / 2 + dy * bend, y: (a.y + b.y) / 2 - dx * bend };
  const angle = Math.atan2(b.y - via.y, b.x - via.x), tip = { x: b.x - gap * Math.cos(angle), y: b.y - gap * Math.sin(angle) };
  const made = [part("path", { d: `M${a.x} ${a.y}Q${via.x.toFixed(1)} ${via.y.toFixed(1)} ${tip.x.toFixed(1)} ${tip.y.toFixed(1)}`, fill: "none", stroke: colourOf(line), "stroke-width": widthOf(line),
    ...(isDashed(line) ? { "stroke-dasharray": "7 6" } : {}) })];
  if (line.edges.length === 1 && line.edges[0].directed) {
    const wing = (turn) => `${(tip.x - 9 * Math.cos(angle + turn)).toFixed(1)},${(tip.y - 9 * Math.sin(angle + turn)).toFixed(1)}`;
    made.push(part("polygon", { points: `${tip.x.toFixed(1)},${tip.y.toFixed(1)} ${wing(0.4)} ${wing(-0.4)}`, fill: colourOf(line) }));
  }
  const label = seenWords(canvas.edges.get(line.id));
  if (label) made.push(words(label, (a.x + via.x * 2 + b.x) / 4, (a.y + via.y * 2 + b.y) / 4, 11));
  return made;
}

export function startExports(seen) {
  byId("png").addEventListener("click", png);
  byId("svg").addEventListener("click", () => save("graph.svg", new Blob([svg()], { type: "image/svg+xml" })));
  byId("csv").addEventListener("click", () => save("graph.csv", new Blob(["\ufeff", csv(seen().edges)], { type: "text/csv" })));
}
