// The panel: the dossier of an actor, the sentences behind a line, the members of a group.
import { graph, look, nameOf, titleOf } from "./state.js";
import { byId, element, button, clip } from "./elements.js";
import { app } from "./app.js";

const MOST_LISTED = 400;
const listed = (names) => names.map((name) => clip(name, 200)).join(", ");
const by = (count, word) => `${count} ${word}${count === 1 ? "" : "s"}`;

let origin = null;  // the button of the table by which the panel was opened
export const cameFrom = (element) => { origin = element; };
export const goBack = () => origin?.isConnected && origin.focus();

export function fill(...parts) {
  const back = origin?.isConnected && button("Back to the table", goBack, { id: "back" });
  byId("panel").replaceChildren(...[back, ...parts].filter(Boolean));
  byId("panel").scrollTop = 0;
  document.body.dataset.wide = "";
}

export function welcome() {
  fill(element("h2", "Click a line"), element("p", "It opens the sentences behind it: who says so, and whether it happened."),
    element("p", "Click an actor for everything about it. Solid lines are said to have happened; dashed ones are planned, possible or doubted."));
}

export async function openActor(id) {
  const { actor, edges, more } = await app.home.dossier(id), pinned = look.pinned.includes(id);
  const acts = element("p", null, { class: "acts" });
  acts.append(button(pinned ? "Unpin" : "Pin", () => app.change((next) => { next.pinned = pinned ? next.pinned.filter((one) => one !== id) : [...next.pinned, id]; })),
    button("Hide", () => app.change((next) => { next.hidden = [...next.hidden, id]; next.selected = null; })), ...(app.home.actions?.(actor) || []));
  const parts = [element("h2", actor.name), element("p", [actor.kind, actor.country, by(actor.articles, "article")].filter(Boolean).join(", "), { class: "faint" }), acts,
    actor.aliases.length && element("p", `Also: ${listed(actor.aliases)}`)];
  for (const tie of actor.ties || []) {
    const dates = tie.from || tie.to ? ` (${tie.from || "…"} to ${tie.to || "…"})` : "";
    parts.push(element("p", `${tie.label} ${tie.name}${dates}, from the catalogue`, { class: "faint" }));
  }
  parts.push(...remarks(actor.remarks));
  edges.sort((a, b) => (b.lastReported || "").localeCompare(a.lastReported || "") || (a.id < b.id ? -1 : 1));
  for (const label of [...new Set(edges.map((edge) => edge.label))].sort()) parts.push(element("h3", label), relations(edges.filter((edge) => edge.label === label)));
  if (more) parts.push(element("p", `${more} more relations are not listed here; filter by type to reach them.`, { class: "faint" }));
  fill(...parts, app.home.afterActor?.(actor));
}

function relations(edges) {
  const list = element("ul");
  for (const edge of edges.slice(0, MOST_LISTED)) {
    const item = element("li");
    item.append(button(clip(app.ends(edge), 200), () => app.select(edge.id)), element("span", ` ${[clip(edge.status, 60), edge.disputed && "disputed", edge.lastReported && clip(edge.lastReported, 60)].filter(Boolean).join(", ")}`, { class: "faint" }));
    list.append(item);
  }
  return list;
}

export async function openEdge(id) {
  const edge = graph.edges.get(id);
  fill(...headOf(edge), element("p", "…"));
  const rows = await app.home.evidence(edge);
  if (look.selected !== id) return;
  fill(...headOf(edge), ...rows.map((row) => quotation(row)));
}

export const headOf = (edge) => [element("h2", titleOf(edge)),
  element("p", `${edge.label}: ${edge.status}${edge.disputed ? ", disputed" : ""}; ${by(edge.articles, "article")}, ${by(edge.origins, "origin")}; trust ${edge.trust}`),
  edge.items.length && element("p", `With: ${listed(edge.items)}`)];

export function openLine(line) {
  fill(element("h2", by(line.edges.length, "relation")), relations(line.edges));
}

export function openGroup(group) {
  const list = element("ul");
  for (const actor of group.members.slice(0, MOST_LISTED)) {
    const item = element("li");
    item.append(button(actor.name, () => app.select(actor.id)));
    list.append(item);
  }
  fill(element("h2", group.name), element("p", `${by(group.members.length, "actor")}, the most named first`, { class: "faint" }),
    button("Open this group", () => app.openGroup(group.key)), list);
}

const signed = ({ who, when }) => [who && clip(who, 80), when && clip(when, 16).slice(0, 16).replace("T", " ")].filter(Boolean).join(", ");
export const remarks = (some) => (some || []).map((one) => element("p", `“${clip(one.words, 1000)}” – ${signed(one)}`, { class: "remark" }));

// What people said of a sentence: the verdict that stands, then their remarks.
const REVIEWED = { accepted: "right", edited: "corrected", disbelieved: "not believed", manual: "added by a person" };
function judged(row) {
  const parts = [], verdict = row.verdict;
  if (row.review) parts.push(element("p", [REVIEWED[row.review] || row.review, verdict && signed(verdict), verdict?.why && clip(verdict.why, 300)].filter(Boolean).join(" – "), { class: "remark status" }));
  return [...parts, ...remarks(row.remarks)];
}

export function quotation(row) {
  const quote = element("blockquote"), head = element("p"), words = element("p"), says = row.speakers.length ? `, says ${row.speakers.map((one) => clip(one, 300)).join(", to whom ")}` : "";
  head.append(element("span", row.status, { class: "status" }), says, row.event ? element("span", `; happened ${clip(period(row.event), 80)}`, { class: "faint" }) : "");
  words.append(element("span", row.before, { class: "around" }), ...marked(row), element("span", row.after, { class: "around" }));
  quote.append(head, words, element("p", [row.title, row.outlet, row.published, row.article].filter(Boolean).map((one) => clip(one, 300)).join(" · "), { class: "faint" }), element("p", row.readBy, { class: "faint" }));
  quote.append(...judged(row));
  if (app.home.afterQuote) quote.append(app.home.afterQuote(row));
  return quote;
}

const period = ([from, to]) => from === to || !to ? from : `${from || "…"} to ${to}`;

// The marks count code points, as Python does; a JavaScript string counts halves of them.
function marked(row) {
  const letters = [...row.sentence], parts = [];
  let at = 0;
  for (const [start, end] of row.marks) {
    if (start < at) continue;
    parts.push(clip(letters.slice(at, start).join("")), element("mark", letters.slice(start, end).join("")));
    at = end;
  }
  return [...parts, clip(letters.slice(at).join(""))];
}
