// The explorer's home: a server answers, the picture grows from there.
import { graph, look, take, places, nameOf, titleOf } from "./model.js";
import { byId, element, button, clip, labelled } from "./elements.js";
import { app, run } from "./app.js";
import { fit } from "./draw.js";
import { quotation, fill } from "./panel.js";

const given = /^#token=([\w-]+)$/.exec(location.hash);
if (given) {
  sessionStorage.setItem("token", given[1]);
  history.replaceState(null, "", location.pathname);
}
const token = sessionStorage.getItem("token");

async function post(name, asked = {}) {
  const answer = await fetch(`/api/${name}`, { method: "POST", headers: { "Content-Type": "application/json", ...(token ? { "X-KGraph-Token": token } : {}) }, body: JSON.stringify(asked) });
  const said = await answer.json();
  if (answer.ok) return said;
  byId("hint").textContent = clip(said.error, 300);
  throw new Error(said.error);
}

const quietly = (act) => (...args) => act(...args).catch((error) => { byId("hint").textContent = clip(error.message, 300); });
const opened = new Map();  // actor id -> the actors that its expansion brought

const home = {
  drawn: true,
  search: (words) => post("search", { q: words }),
  evidence: (edge) => post("evidence", { id: edge.id }),
  async dossier(id) {
    const found = await post("dossier", { id });
    take({ actors: found.actors, edges: found.edges }, places.get(id));
    return found;
  },
  // Draws an actor that was searched for, with what ties it to what is drawn.
  async bring(id) { if (!look.drawn.includes(id)) await draw([...look.drawn, id]); },
  async load(ids) { take(await post("among", { ids })); },
  actions: (actor) => [
    opened.has(actor.id) ? button("Collapse", () => collapse(actor.id)) : button("Expand", quietly(() => expand(actor.id))),
    button("Path from here", () => { byId("path-a").value = actor.name; byId("path-a").dataset.id = actor.id; byId("paths").open = true; byId("path-b").focus(); }),
    button("Only this", quietly(() => only([actor.id]))),
  ],
  opened: quietly((id) => opened.has(id) ? Promise.resolve(collapse(id)) : expand(id)),
  afterActor: (actor) => token ? sameness(actor) : null,
  afterQuote: (row) => token ? verdict(row) : element("span"),
};

async function draw(ids) {
  const fresh = ids.filter((id) => !graph.actors.has(id) || !look.drawn.includes(id));
  if (fresh.length) take(await post("among", { ids }));
  app.change((next) => { next.drawn = [...new Set(ids)]; });
}

async function only(ids) {
  const found = await post("among", { ids });
  found.actors.forEach((actor) => places.set(actor.id, actor.place));
  take(found);
  app.change((next) => { next.drawn = [...new Set(ids)]; next.hidden = []; });
  fit();
}

async function expand(id) {
  const found = await post("expand", { id, drawn: look.drawn });
  const fresh = found.actors.map((actor) => actor.id).filter((one) => !look.drawn.includes(one));
  take(found, places.get(id));
  opened.set(id, fresh);
  app.change((next) => { next.drawn = [...next.drawn, ...fresh]; next.selected = id; });
  byId("hint").textContent = `${fresh.length} more actors${found.left ? `; ${found.left} further ones are less reported: expand again` : ""}`;
  if (found.left) opened.delete(id);
}

function collapse(id) {
  const gone = new Set(opened.get(id));
  opened.delete(id);
  app.change((next) => { next.drawn = next.drawn.filter((one) => !gone.has(one)); next.selected = id; });
}

// Forms. --------------------------------------------------------------------------------------------------------------

function form(id, words, ...parts) {
  const made = element("details", null, { id }), inside = element("form");
  made.append(element("summary", words), inside);
  inside.append(...parts);
  byId("extra").append(made);
  return inside;
}

function onSubmit(made, act) {
  made.addEventListener("submit", (event) => { event.preventDefault(); quietly(act)(); });
}

async function idOf(input) {
  if (input.dataset.id && nameOf(input.dataset.id) === input.value) return input.dataset.id;
  const hits = await post("search", { q: input.value });
  if (!hits.length) throw new Error(`nobody goes by ${input.value}`);
  return hits[0].id;
}

function pathForm() {
  const a = element("input", null, { type: "text", id: "path-a", required: "" }), b = element("input", null, { type: "text", id: "path-b", required: "" });
  onSubmit(form("paths", "Paths", labelled("from", a), labelled("to", b), element("button", "Find the shortest")), async () => {
    const found = await post("paths", { a: await idOf(a), b: await idOf(b) });
    take(found);
    app.change((next) => { next.drawn = found.actors.map((actor) => actor.id); next.selected = null; });
    found.actors.forEach((actor) => places.set(actor.id, actor.place));
    app.refresh();
    fit();
    fill(element("h2", `${found.paths.length} shortest ${found.paths.length === 1 ? "path" : "paths"}`), ...found.paths.flatMap((way) => [element("h3", way.map(nameOf).join(" – ")), hops(way)]));
  });
}

function hops(way) {
  const list = element("ol");
  way.slice(1).forEach((to, n) => {
    const between = [...graph.edges.values()].filter((edge) => [edge.source, edge.target].includes(to) && [edge.source, edge.target].includes(way[n]) && to !== way[n]);
    const item = element("li");
    for (const edge of between) {
      const inside = element("details");
      inside.append(element("summary", clip(`${titleOf(edge)}: ${edge.label}, ${edge.status}`, 300)));
      inside.addEventListener("toggle", quietly(async () => {
        if (inside.open && !inside.querySelector("blockquote")) inside.append(...(await home.evidence(edge)).map((row) => quotation(row)));
      }));
      item.append(inside);
    }
    list.append(item);
  });
  return list;
}

function newForm() {
  const day = element("input", null, { type: "date", id: "since", required: "" });
  onSubmit(form("new", "New since", labelled("a day", day), element("button", "Show what is new")), async () => {
    const found = await post("since", { day: day.value });
    take(found);
    found.actors.forEach((actor) => places.set(actor.id, actor.place));
    app.change((next) => { next.drawn = found.actors.map((actor) => actor.id); next.from = day.value; next.to = null; next.selected = null; });
    fit();
    const list = element("ul");
    for (const id of found.new) {
      const item = element("li"), edge = graph.edges.get(id);
      item.append(button(clip(`${titleOf(edge)}: ${edge.label}`, 300), () => app.select(id)), element("span", ` ${edge.firstReported}`, { class: "faint" }));
      list.append(item);
    }
    fill(element("h2", `${found.total} relations first reported since ${day.value}`), found.total > found.new.length && element("p", `The latest ${found.new.length} are shown.`), list);
  });
}

async function questionForm() {
  const all = await post("questions"), choice = element("select", null, { id: "question" }), fields = element("div", null, { id: "fields" });
  choice.append(...all.map((each) => element("option", each.question, { value: each.name })));
  const show = () => fields.replaceChildren(...all.find((each) => each.name === choice.value).parameters.map((each) => {
    const input = element("input", null, { type: each.type === "date" ? "date" : "text", name: each.name, placeholder: [each.type, each.default].filter(Boolean).join(" = "), ...(each.required ? { required: "" } : {}) });
    return labelled(`${each.name}: ${each.meaning}`, input);
  }));
  choice.addEventListener("change", show);
  const made = form("questions", "Questions", labelled("ask", choice), fields, element("button", "Ask"));
  show();
  onSubmit(made, async () => {
    byId("hint").textContent = "Asking…";
    const values = Object.fromEntries([...fields.querySelectorAll("input")].map((input) => [input.name, input.value]));
    const found = await post("ask", { name: choice.value, values });
    byId("hint").textContent = "";
    fill(element("h2", choice.selectedOptions[0].textContent), ...answer(found));
  });
}

function answer({ columns, rows, actors }) {
  if (!rows.length) return [element("p", "No rows: nothing in this graph answers that.")];
  const table = element("table"), head = element("tr"), every = [...new Set(actors.flat())];
  const kept = columns.map((name, n) => [name, n]).filter(([name]) => !/^(claim|edge|evidence)\w*$/.test(name));
  head.append(...kept.map(([name]) => element("th", name, { scope: "col" })), element("th", "draw", { scope: "col" }));
  table.append(head, ...rows.map((row, at) => {
    const line = element("tr"), last = element("td");
    if (actors[at].length) last.append(button("Draw", quietly(() => draw([...look.drawn, ...actors[at]]))));
    line.append(...kept.map(([, n]) => element("td", clip([row[n]].flat().map((value) => value === null ? "" : value).join(", "), 300))), last);
    return line;
  }));
  return [every.length && button("Draw only these", quietly(() => only(every))), table].filter(Boolean);
}

// Review. -------------------------------------------------------------------------------------------------------------

async function decided(asked, where) {
  const made = await post("decide", asked);
  where.replaceChildren(element("span", `${asked.action.replace("_", " ")}: kept. `, { class: "status" }), button("Take it back", quietly(async () => {
    await post("undo", { id: made.id });
    await reload();
  })));
  await reload();
}

// What a decision changes is fetched again: what is drawn, and the panel.
async function reload() {
  const found = await post("among", { ids: look.drawn }), now = new Set(found.edges.map((edge) => edge.id)), drawn = new Set(look.drawn);
  for (const [id, edge] of graph.edges) if (drawn.has(edge.source) && drawn.has(edge.target) && !now.has(id)) graph.edges.delete(id);
  take(found);
  const stays = new Set(found.actors.map((actor) => actor.id));
  app.forget((id) => !stays.has(id));
}

const VERDICTS = { accept: "Right", reject: "Bad extraction", disbelieve: "Not believed" };
function verdict(row) {
  const where = element("p", null, { class: "acts" }), why = element("input", null, { type: "text", placeholder: "why, or a comment", "aria-label": "why, or a comment" });
  const last = row.verdict;
  if (row.review && last?.action in VERDICTS) where.append(takeBack("Take it back", last.id));
  else where.append(...Object.entries(VERDICTS).map(([action, words]) => button(words, quietly(() => decided({ action, target: row.id, why: why.value }, where)))));
  where.append(why, button("Comment", quietly(() => remark(row.id, why))), ...(row.remarks.length ? [takeBack("Take the last comment back", row.remarks.at(-1).id)] : []));
  const both = element("div");
  both.append(where, correction(row));
  return both;
}

// Corrects one thing that a sentence says: what it may be is asked for when it is opened.
function correction(row) {
  const made = element("details", null, { class: "edit" }), inside = element("form"), which = element("select", null, { "aria-label": "what is wrong" }), right = element("span");
  made.append(element("summary", "Correct it"), inside);
  let parts = [];
  const show = () => {
    const part = parts.find((one) => one.field === which.value), value = part.known.length ? element("select") : element("input", null, { type: /^event/.test(part.field) ? "date" : "text" });
    if (part.known.length) value.append(...part.known.map((one) => element("option", one || "not known", { value: one })));
    value.setAttribute("aria-label", "what is right");
    value.value = part.now;
    right.replaceChildren(value);
  };
  which.addEventListener("change", show);
  inside.append(which, right, element("button", "Correct"));
  made.addEventListener("toggle", quietly(async () => {
    if (!made.open || parts.length) return;
    parts = await post("parts", { id: row.id });
    which.replaceChildren(...parts.map((part) => element("option", part.field.replace("role:", ""), { value: part.field })));
    show();
  }));
  onSubmit(inside, async () => {
    const kept = await post("decide", { action: "edit", target: row.id, field: which.value, value: right.firstChild.value });
    await reload();
    if (kept.field.startsWith("role:") && kept.value) {  // the line goes to somebody else now, who may not be drawn yet
      await home.bring(kept.value);
      app.select(kept.value);
    }
  });
  return made;
}

const takeBack = (words, id) => button(words, quietly(async () => { await post("undo", { id }); await reload(); }));

async function remark(target, input) {
  if (!input.value.trim()) return input.focus();
  await post("decide", { action: "comment", target, value: input.value });
  app.open();
}

function sameness(actor) {
  const where = element("p", null, { class: "acts" }), other = element("input", null, { type: "text", placeholder: "another actor", "aria-label": "another actor" });
  const say = (action) => quietly(async () => decided({ action, target: actor.id, value: await idOf(other) }, where));
  where.append(other, button("is the same", say("same")), button("is not the same", say("not_same")), button("cannot be said", say("unsure")));
  const words = element("input", null, { type: "text", placeholder: "a comment", "aria-label": "a comment" }), remarks = element("p", null, { class: "acts" });
  remarks.append(words, button("Comment", quietly(() => remark(actor.id, words))));
  const kinds = element("select", null, { "aria-label": "kind" }), kind = element("p", null, { class: "acts" });
  kinds.append(...Object.keys(graph.kinds).map((name) => element("option", name)));
  kinds.value = actor.kind;
  kind.append(kinds, button("is its kind", quietly(() => decided({ action: "kind", target: actor.id, value: kinds.value }, kind))));
  const all = element("details", null, { class: "edit" });
  all.append(element("summary", "Judge"), where, kind, remarks);
  return all;
}

// Start. --------------------------------------------------------------------------------------------------------------

pathForm();
newForm();
const first = await post("start");
await run(home, first, await post("legend"));
await questionForm();
document.body.dataset.ready = "yes";
