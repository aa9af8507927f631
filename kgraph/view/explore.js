// The explorer's home: a server answers, the picture grows from there.
import { graph, look, take, places, nameOf, titleOf, trusted } from "./state.js";
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

const trusting = (name, asked) => post(name, { ...asked, trust: look.trust });  // what depends on the level of trust

const quietly = (act) => (...args) => act(...args).catch((error) => { byId("hint").textContent = clip(error.message, 300); });
const opened = new Map();  // actor id -> the actors that its expansion brought

const home = {
  drawn: true,
  search: (words) => post("search", { q: words }),
  evidence: (edge) => trusting("evidence", { id: edge.id }),
  async dossier(id) {
    const found = await trusting("dossier", { id });
    take({ actors: found.actors, edges: found.edges }, places.get(id));
    return found;
  },
  // Draws an actor that was searched for, with what ties it to what is drawn.
  async bring(id) { if (!look.drawn.includes(id)) await draw([...look.drawn, id]); },
  async load(ids) { take(await trusting("among", { ids })); },
  relevel: quietly(async () => {
    take(await trusting("among", { ids: look.drawn }));
    app.refresh();
  }),
  actions: (actor) => [
    opened.has(actor.id) ? button("Collapse", () => collapse(actor.id)) : button("Expand", quietly(() => expand(actor.id))),
    button("Path from here", () => { byId("path-a").value = actor.name; byId("path-a").dataset.id = actor.id; byId("paths").open = true; byId("path-b").focus(); }),
    button("Only this", quietly(() => only([actor.id]))),
  ],
  opened: quietly((id) => opened.has(id) ? Promise.resolve(collapse(id)) : expand(id)),
  resting: () => (sides.asked || startPanel)(),
  afterActor: (actor) => token ? sameness(actor) : null,
  afterQuote: (row) => token ? verdict(row) : element("span"),
};

async function draw(ids) {
  const fresh = ids.filter((id) => !graph.actors.has(id) || !look.drawn.includes(id));
  if (fresh.length) take(await trusting("among", { ids }));
  app.change((next) => { next.drawn = [...new Set(ids)]; });
}

async function only(ids) {
  const found = await trusting("among", { ids });
  found.actors.forEach((actor) => places.set(actor.id, actor.place));
  take(found);
  app.change((next) => { next.drawn = [...new Set(ids)]; next.hidden = []; });
  fit();
}

async function expand(id) {
  const found = await trusting("expand", { id, drawn: look.drawn });
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
  for (const input of [a, b]) suggest(input, byId("extra"), async () => (await post("search", { q: input.value })).map((hit) => hit.name));
  onSubmit(form("paths", "Paths", labelled("from", a), labelled("to", b), element("button", "Find the shortest")), async () => {
    const found = await trusting("paths", { a: await idOf(a), b: await idOf(b) });
    take(found);
    found.actors.forEach((actor) => places.set(actor.id, actor.place));
    app.change((next) => { next.drawn = found.actors.map((actor) => actor.id); next.selected = null; });
    app.refresh();
    fit();
    const parts = [element("h2", `${found.paths.length} shortest ${found.paths.length === 1 ? "path" : "paths"}`), ...found.paths.flatMap((way) => [element("h3", way.map(nameOf).join(" – ")), hops(way)])];
    show(() => fill(...parts));
  });
}

function hops(way) {
  const list = element("ol");
  way.slice(1).forEach((to, n) => {
    const between = [...graph.edges.values()].filter((edge) => trusted(edge) && [edge.source, edge.target].includes(to) && [edge.source, edge.target].includes(way[n]) && to !== way[n]);
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
    const found = await trusting("since", { day: day.value });
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
    const parts = [element("h2", `${found.total} relations first reported since ${day.value}`), found.total > found.new.length && element("p", `The latest ${found.new.length} are shown.`), list];
    show(() => fill(...parts));
  });
}

// Where one starts, and what the panel shows while nothing is selected: the last question, paths or news.
const sides = { asked: null };
const show = (panel) => { sides.asked = panel; app.select(null); };

function startPanel() {
  const ties = new Map();
  for (const { source, target } of [...graph.edges.values()].filter(trusted)) for (const [one, other] of [[source, target], [target, source]]) ties.set(one, (ties.get(one) || new Set()).add(other));
  const busiest = [...ties].filter(([id]) => look.drawn.includes(id)).sort((a, b) => b[1].size - a[1].size || (a[0] < b[0] ? -1 : 1)).slice(0, 10), list = element("ul");
  for (const [id, others] of busiest) {
    const item = element("li");
    item.append(button(clip(nameOf(id), 80), quietly(() => app.goTo({ id }))), element("span", ` tied to ${others.size}`, { class: "faint" }));
    list.append(item);
  }
  fill(element("h2", "Start anywhere"), element("p", `The graph has ${first.total.actors} actors and ${first.total.edges[look.trust]} lines; ${look.drawn.length} actors are drawn. Search for any other, or click: a line opens the sentences behind it, an actor all about it.`),
    element("h3", "Best connected"), list, element("h3", "Ask"), ...themes());
}

function themes() {
  return [...new Set(questions.map((each) => each.theme))].sort().map((theme) => {
    const made = element("details"), list = element("ul", null, { class: "plain" });
    for (const each of questions.filter((one) => one.theme === theme)) {
      const item = element("li");
      item.append(button(each.question, () => show(questionPanel(each)), { "data-name": each.name }));
      list.append(item);
    }
    made.append(element("summary", theme), list);
    return made;
  });
}

// A form for what the question wants to know, and below it the rows.
function questionPanel(each) {
  const made = element("form", null, { id: "ask" }), rows = element("div", null, { id: "answer" });
  made.append(...each.parameters.map(parameterField), element("button", "Ask"));
  onSubmit(made, async () => {
    rows.replaceChildren(element("p", "Asking…"));
    const values = Object.fromEntries([...made.querySelectorAll("input")].map((input) => [input.name, input.value]));
    const found = await trusting("ask", { name: each.name, values }).catch((error) => ({ error: error.message }));
    rows.replaceChildren(...(found.error ? [element("p", found.error, { role: "alert" })] : answer(found, each)));
    wide();
  });
  const wide = () => { document.body.dataset.wide = rows.querySelector("table") ? "yes" : ""; };
  return () => { fill(button("All questions", () => show(null)), element("h2", each.question), made, rows); wide(); };
}

const INPUTS = { date: "date", number: "number" };
function parameterField({ name, type, required, default: usual, meaning }) {
  const input = element("input", null, { type: INPUTS[type] || "text", name, value: usual ?? "", ...(required ? { required: "" } : {}) });
  const made = labelled(`${meaning || name}${required || usual !== null ? "" : " (may be left out)"}`, input);
  if (type === "actor") suggest(input, made, async () => (await post("search", { q: input.value })).map((hit) => hit.name));
  if (type === "type") suggest(input, made, () => Object.keys(graph.types));
  return made;
}

// Offers what could be meant while one types.
function suggest(input, place, find) {
  const list = element("datalist", null, { id: `likely-${input.name || input.id}` });
  input.setAttribute("list", list.id);
  input.setAttribute("autocomplete", "off");
  place.append(list);
  input.addEventListener("input", quietly(async () => { list.replaceChildren(...(await find()).map((value) => element("option", null, { value: clip(value, 200) }))); }));
}

const shownAs = (value) => value === null ? "" : value === true ? "yes" : value === false ? "no" : value;
function answer({ columns, rows, actors, cut }, { meanings }) {
  if (!rows.length) return [element("p", "No rows: nothing in this graph answers that.")];
  const table = element("table"), head = element("tr"), every = [...new Set(actors.flat())];
  const kept = columns.map((name, n) => [name, n]).filter(([name]) => !/^(claim|edge|evidence)\w*$/.test(name));
  head.append(...kept.map(([name]) => element("th", name.replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`), { scope: "col", title: meanings[name] || "" })), element("th", "draw", { scope: "col" }));
  table.append(head, ...rows.map((row, at) => {
    const line = element("tr"), last = element("td");
    if (actors[at].length) last.append(button("Draw", quietly(() => draw([...look.drawn, ...actors[at]]))));
    line.append(...kept.map(([, n]) => element("td", clip([row[n]].flat().map(shownAs).join(", "), 300))), last);
    return line;
  }));
  return [cut && element("p", `Only the first ${rows.length} rows are shown.`), every.length && button("Draw only these", quietly(() => only(every))), table].filter(Boolean);
}

// What a person adds: a claim with its citation, an actor, an outlet's letter. ------------------------------------------

function field(id, words, made) {
  made.id = id;
  return labelled(words, made);
}
const text = (more = {}) => element("input", null, { type: "text", ...more });
function select(options, chosen) {
  const made = element("select");
  made.append(...options.map(([value, words]) => element("option", words ?? value, { value })));
  if (chosen) made.value = chosen;
  return made;
}
const actors = (input) => async () => (await post("search", { q: input.value })).map((hit) => hit.name);

async function additionForms() {
  const known = await post("additions");
  claimForm(known);
  actorForm();
  if (known.outlets.length) outletForm(known.outlets);
}

function claimForm({ types, symmetric, articles }) {
  const type = select(Object.keys(types).map((name) => [name])), roles = element("div"), sentence = element("textarea", null, { rows: 3, required: "" });
  const source = text({ required: "", list: "articles" }), list = element("datalist", null, { id: "articles" }), cite = element("input", null, { type: "checkbox" });
  const published = element("input", null, { type: "date" }), outlet = text(), status = select(graph.statuses.map((name) => [name])), more = element("div");
  list.append(...articles.map(([key, title]) => element("option", clip(title, 120), { value: key })));
  more.append(field("add-published", "it appeared on", published), field("add-outlet", "brought out by", outlet));
  more.hidden = true;
  cite.addEventListener("change", () => { more.hidden = !cite.checked; });
  const ask = () => roles.replaceChildren(...types[type.value].flatMap((role) => (symmetric.includes(type.value) && role === types[type.value][0] ? [1, 2] : [1]).map((n) => {
    const input = text({ name: role }), made = field(`add-${role}-${n}`, role, input);
    suggest(input, made, actors(input));
    return made;
  })));
  type.addEventListener("change", ask);
  ask();
  onSubmit(form("add", "Add a claim", field("add-type", "type", type), roles, field("add-sentence", "the words that say so", sentence), field("add-source", "in the article (key, URL, end of its path), or cited source", source), list,
    labelled("the source is no article of this graph", cite), more, field("add-status", "status", status), element("button", "Add")), async () => {
    const named = {};
    for (const input of roles.querySelectorAll("input")) if (input.value.trim()) (named[input.name] ||= []).push(input.value.trim());
    const details = { type: type.value, roles: named, sentence: sentence.value, status: status.value, ...(cite.checked ? { source: { published: published.value, outlet: outlet.value } } : {}) };
    const made = await post("decide", { action: "add", target: source.value, details });
    sentence.value = "";
    await reload();
    await draw([...look.drawn, ...Object.values(made.details.roles).flat()]);
    byId("hint").textContent = "Added.";
  });
}

function actorForm() {
  const id = text({ required: "", placeholder: "group:oban-front" }), name = text({ required: "" }), kind = select(Object.keys(graph.kinds).map((one) => [one])), aliases = text({ placeholder: "with commas between" }), country = text();
  const made = field("actor-country", "country", country);
  suggest(country, made, actors(country));
  onSubmit(form("new-actor", "New actor", field("actor-id", "id", id), field("actor-name", "name", name), field("actor-kind", "kind", kind), field("actor-aliases", "other names", aliases), made, element("button", "Make")), async () => {
    const details = { name: name.value, kind: kind.value, aliases: aliases.value.split(",").map((one) => one.trim()).filter(Boolean), country: country.value };
    await post("decide", { action: "actor", target: id.value, details });
    await reload();
    byId("hint").textContent = "Made; names that articles found join it.";
  });
}

function outletForm(outlets) {
  const which = select(outlets.map(([name, letter]) => [name, `${clip(name, 60)}${letter ? ` (${letter})` : ""}`])), letter = select([..."ABCDEF"].map((one) => [one]));
  onSubmit(form("outlet", "Grade an outlet", field("outlet-name", "outlet", which), field("outlet-letter", "from A (reliable) to F (cannot be judged)", letter), element("button", "Grade")), async () => {
    await post("decide", { action: "outlet", target: which.value, value: letter.value });
    which.selectedOptions[0].textContent = `${clip(which.value, 60)} (${letter.value})`;
    byId("hint").textContent = "Graded.";
  });
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
  const found = await trusting("among", { ids: look.drawn }), now = new Set(found.edges.map((edge) => edge.id)), drawn = new Set(look.drawn);
  for (const [id, edge] of graph.edges) if (drawn.has(edge.source) && drawn.has(edge.target) && !now.has(id)) graph.edges.delete(id);
  take(found);
  const stays = new Set(found.actors.map((actor) => actor.id));
  app.forget((id) => !stays.has(id));
}

const VERDICTS = { accept: "Right", reject: "Bad extraction", disbelieve: "Not believed" };
function verdict(row) {
  const where = element("p", null, { class: "acts" }), why = element("input", null, { type: "text", placeholder: "why, or a comment", "aria-label": "why, or a comment" });
  const last = row.verdict;
  if (row.review === "manual") {  // to judge it is to take it back
    where.append(takeBack("Take it back", row.id));
    return where;
  }
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
    const part = parts[which.value], value = part.known.length ? element("select") : element("input", null, { type: /^event/.test(part.field) ? "date" : "text" });
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
    which.replaceChildren(...parts.map((part, n) => element("option", part.field.replace("role:", "") + (part.instead ? ` (${clip(part.now, 60)})` : ""), { value: n })));
    show();
  }));
  onSubmit(inside, async () => {
    const { field, instead } = parts[which.value];
    const kept = await post("decide", { action: "edit", target: row.id, field, value: right.firstChild.value, details: instead ? { instead } : {} });
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

const [first, legend, questions] = await Promise.all([post("start"), post("legend"), post("questions")]);
byId("extra").append(button("Start and questions", () => show(null), { id: "start" }));
pathForm();
newForm();
await run(home, first, legend);
if (token) await additionForms();
document.body.dataset.ready = "yes";
