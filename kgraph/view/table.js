// The same as a table: what is seen, to be sorted, read and used without the picture.
import { nameOf } from "./state.js";
import { byId, button, element, clip } from "./elements.js";
import { cameFrom, goBack } from "./panel.js";
import { app } from "./app.js";

const MOST_ROWS = 300;
let all = false, last = null;

// Of each column its heading, what stands in it, and what a click on it opens.
const TABLES = {
  relations: {
    rows: "rows", order: null,
    columns: [["From", (edge) => nameOf(edge.source), (edge) => edge.source], ["Relation", (edge) => edge.label, (edge) => edge.id], ["To", (edge) => nameOf(edge.target), (edge) => edge.target],
      ["Status", (edge) => edge.status + (edge.disputed ? ", disputed" : "")], ["Articles", (edge) => edge.articles], ["Origins", (edge) => edge.origins], ["Trust", (edge) => edge.trust], ["Last reported", (edge) => edge.lastReported || ""]],
  },
  actors: {
    rows: "people", order: null,
    columns: [["Name", (actor) => actor.name, (actor) => actor.id], ["Kind", (actor) => actor.kind], ["Country", (actor) => actor.country || ""], ["Articles", (actor) => actor.articles]],
  },
};

function cell(text, id) {
  const made = element("td");
  made.append(id ? button(clip(text, 160), (event) => open(id, event.currentTarget)) : clip(text, 160));
  return made;
}

// The panel takes the focus: it may be out of sight, and who uses the keyboard wants to read on there.
function open(id, from) {
  cameFrom(from);
  app.select(id);
  byId("panel").focus();
}

const compare = (a, b) => typeof a === "number" ? a - b : a.localeCompare(b, "en");

function sorted(things, { order, columns }) {
  if (!order) return things;
  const value = columns[order.column][1];
  return [...things].sort((a, b) => order.turn * compare(value(a), value(b)));
}

export function table(seen) {
  last = seen;
  const { actors, edges } = seen, few = all ? Infinity : MOST_ROWS, byArticles = [...actors].sort((a, b) => b.articles - a.articles || (a.id < b.id ? -1 : 1));
  byId("count").textContent = `${edges.length} relations between ${actors.length} actors`;
  for (const [one, things] of [[TABLES.relations, edges], [TABLES.actors, byArticles]])
    byId(one.rows).replaceChildren(...sorted(things, one).slice(0, few).map((thing) => {
      const row = element("tr");
      row.append(...one.columns.map(([, value, id]) => cell(String(value(thing)), id?.(thing))));
      return row;
    }));
  const longest = Math.max(edges.length, actors.length);
  byId("more").hidden = longest <= few;
  byId("more").textContent = `Show all ${longest} rows`;
}

function heading(one, column) {
  const made = element("th", null, { scope: "col" });
  made.append(button(one.columns[column][0], () => {
    one.order = { column, turn: one.order?.column === column ? -one.order.turn : 1 };
    for (const other of made.parentElement.children) other.removeAttribute("aria-sort");
    made.setAttribute("aria-sort", one.order.turn > 0 ? "ascending" : "descending");
    table(last);
  }));
  return made;
}

export function startTable() {
  byId("more").addEventListener("click", () => { all = true; table(last); });
  byId("to-list").addEventListener("click", () => byId("show-relations").focus());
  byId("panel").addEventListener("keydown", (event) => { if (event.key === "Escape") goBack(); });
  for (const [name, one] of Object.entries(TABLES)) {
    const head = element("tr");
    head.append(...one.columns.map((_, column) => heading(one, column)));
    byId(`table-${name}`).tHead.replaceChildren(head);
    byId(`show-${name}`).addEventListener("click", () => {
      for (const other of Object.keys(TABLES)) {
        byId(`table-${other}`).hidden = other !== name;
        byId(`show-${other}`).setAttribute("aria-pressed", String(other === name));
      }
    });
  }
}
