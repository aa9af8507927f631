// The same as a table: what is seen, to be read and used without the picture.
import { look, nameOf } from "./model.js";
import { byId, element, button, clip } from "./elements.js";
import { app } from "./app.js";

const MOST_ROWS = 300;
let all = false;

function cell(text, act) {
  const made = element("td");
  made.append(act ? button(clip(text, 160), act) : clip(text, 160));
  return made;
}

export function table(seen) {
  const { actors, edges } = seen, few = all ? Infinity : MOST_ROWS;
  byId("count").textContent = `${edges.length} relations between ${actors.length} actors`;
  byId("rows").replaceChildren(...edges.slice(0, few).map((edge) => {
    const row = element("tr");
    row.append(cell(nameOf(edge.source), () => app.select(edge.source)), cell(edge.label, () => app.select(edge.id)), cell(nameOf(edge.target), () => app.select(edge.target)),
      cell(edge.status + (edge.disputed ? ", disputed" : "")), cell(String(edge.articles)), cell(String(edge.origins)), cell(edge.lastReported || ""));
    return row;
  }));
  byId("people").replaceChildren(...[...actors].sort((a, b) => b.articles - a.articles || (a.id < b.id ? -1 : 1)).slice(0, few).map((actor) => {
    const row = element("tr");
    row.append(cell(actor.name, () => app.select(actor.id)), cell(actor.kind), cell(actor.country || ""), cell(String(actor.articles)));
    return row;
  }));
  const longest = Math.max(edges.length, actors.length);
  byId("more").hidden = longest <= few;
  byId("more").textContent = `Show all ${longest} rows`;
}

export function startTable() {
  byId("more").addEventListener("click", () => { all = true; app.refresh(); });
  for (const name of ["relations", "actors"]) byId(`show-${name}`).addEventListener("click", () => {
    for (const other of ["relations", "actors"]) {
      byId(`table-${other}`).hidden = other !== name;
      byId(`show-${other}`).setAttribute("aria-pressed", String(other === name));
    }
  });
}
