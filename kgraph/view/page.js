// Draws nothing itself: vis-network does. Filters, opens evidence, and keeps the table beside the picture in step.
// Everything that comes from articles enters the page through textContent.
"use strict";
(function () {
  const data = JSON.parse(document.getElementById("kgraph-data").textContent);
  const byId = (id) => document.getElementById(id);
  const actors = new Map(data.actors.map((actor) => [actor.id, actor]));
  const lines = new Map(data.edges.map((edge) => [edge.id, edge]));
  const chosen = { statuses: new Set(["realised", "unrealised"]), kinds: new Set(), families: new Set() };

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    if (text !== undefined && text !== null) made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function checkbox(group, value, label, colour, line) {
    const box = element("input", null, { type: "checkbox" });
    box.checked = true;
    chosen[group].add(value);
    box.addEventListener("change", () => { box.checked ? chosen[group].add(value) : chosen[group].delete(value); show(); });
    const wrapped = element("label");
    wrapped.append(box);
    if (colour) {
      const swatch = element("span", null, { class: line ? "swatch line" : "swatch" });
      swatch.style.background = colour;
      wrapped.append(swatch);
    }
    wrapped.append(document.createTextNode(label));
    byId(group).append(wrapped);
  }

  const isShown = (edge) => chosen.statuses.has(edge.realised ? "realised" : "unrealised") && chosen.families.has(edge.family)
    && chosen.kinds.has(actors.get(edge.source).kind) && chosen.kinds.has(actors.get(edge.target).kind);

  function show() {
    const seen = data.edges.filter(isShown);
    const ends = new Set(seen.flatMap((edge) => [edge.source, edge.target]));
    edges.update(data.edges.map((edge) => ({ id: edge.id, hidden: !isShown(edge) })));
    nodes.update(data.actors.map((actor) => ({ id: actor.id, hidden: !ends.has(actor.id) })));
    table(seen);
  }

  function table(seen) {
    byId("count").textContent = `${seen.length} relations between ${new Set(seen.flatMap((e) => [e.source, e.target])).size} actors`;
    byId("rows").replaceChildren(...seen.map((edge) => {
      const row = element("tr");
      const relation = element("td");
      relation.append(opener(edge.label, () => openEdge(edge.id)));
      row.append(actorCell(edge.source), relation, actorCell(edge.target), element("td", edge.status + (edge.disputed ? ", disputed" : "")),
        element("td", edge.articles), element("td", edge.lastReported || ""));
      return row;
    }));
  }

  function opener(text, open) {
    const button = element("button", text, { type: "button" });
    button.addEventListener("click", open);
    return button;
  }

  function actorCell(id) {
    const cell = element("td");
    cell.append(opener(actors.get(id).name, () => openActor(id)));
    return cell;
  }

  function openActor(id) {
    const actor = actors.get(id), panel = byId("panel");
    panel.replaceChildren(element("h2", actor.name), element("p", [actor.kind, actor.country].filter(Boolean).join(", "), { class: "faint" }));
    if (actor.aliases.length) panel.append(element("p", "Also: " + actor.aliases.join(", ")));
    const own = data.edges.filter((edge) => edge.source === id || edge.target === id)
      .sort((a, b) => (b.lastReported || "").localeCompare(a.lastReported || ""));
    for (const type of [...new Set(own.map((edge) => edge.label))].sort()) {
      const list = element("ul");
      for (const edge of own.filter((one) => one.label === type)) {
        const item = element("li");
        item.append(opener(`${actors.get(edge.source).name} → ${actors.get(edge.target).name}`, () => openEdge(edge.id)),
          element("span", ` ${edge.status}`, { class: "faint" }));
        list.append(item);
      }
      panel.append(element("h3", type), list);
    }
    network.selectNodes([id]);
  }

  function openEdge(id) {
    const edge = lines.get(id), panel = byId("panel");
    panel.replaceChildren(element("h2", `${actors.get(edge.source).name} ${edge.directed ? "→" : "—"} ${actors.get(edge.target).name}`),
      element("p", `${edge.label}: ${edge.status}${edge.disputed ? ", disputed" : ""}; ${edge.articles} article(s), ${edge.origins} origin(s)`));
    if (edge.items.length) panel.append(element("p", "With: " + edge.items.join(", ")));
    for (const key of edge.evidence) panel.append(quotation(data.evidence[key]));
    network.selectEdges([id]);
  }

  function quotation(row) {
    const quote = element("blockquote");
    const says = row.speakers.length ? `, says ${row.speakers.join(", to whom ")}` : "";
    const head = element("p");
    head.append(element("span", row.status, { class: "status" }), document.createTextNode(says));
    const sentence = element("p");
    let at = 0;
    for (const [start, end] of row.marks) {
      if (start < at) continue;
      sentence.append(document.createTextNode(row.sentence.slice(at, start)), element("mark", row.sentence.slice(start, end)));
      at = end;
    }
    sentence.append(document.createTextNode(row.sentence.slice(at)));
    quote.append(head, sentence, element("p", [row.title, row.outlet, row.published].filter(Boolean).join(" · "), { class: "faint" }));
    return quote;
  }

  function find() {
    const words = byId("find").value.trim().toLowerCase();
    const found = words && data.actors.find((actor) => [actor.name, ...actor.aliases].some((name) => name.toLowerCase() === words));
    if (!found) return;
    openActor(found.id);
    network.focus(found.id, { scale: 1.1, animation: false });
  }

  function colour() {
    const dark = document.documentElement.dataset.theme === "dark";
    network.setOptions({ nodes: { font: dark ? { color: "#e8eaec", strokeColor: "#14181c" } : { color: "#1c2126", strokeColor: "#fbfbf9" } } });
    byId("theme").textContent = dark ? "Light" : "Dark";
  }

  byId("title").textContent = data.title;
  document.title = data.title;
  checkbox("statuses", "realised", "happened (solid)");
  checkbox("statuses", "unrealised", "planned, possible, doubted (dashed)");
  for (const [kind, hue] of Object.entries(data.kinds)) checkbox("kinds", kind, kind, hue);
  for (const [family, hue] of Object.entries(data.families)) checkbox("families", family, family, hue, true);
  byId("names").replaceChildren(...data.actors.flatMap((actor) => [actor.name, ...actor.aliases]).map((name) => element("option", null, { value: name })));
  byId("find").addEventListener("change", find);
  byId("reset").addEventListener("click", () => {
    document.querySelectorAll(".bar input[type=checkbox]").forEach((box) => { if (!box.checked) box.click(); });
    network.fit();
  });
  byId("theme").addEventListener("click", () => {
    document.documentElement.dataset.theme = document.documentElement.dataset.theme === "dark" ? "" : "dark";
    colour();
  });
  network.on("click", (event) => {
    if (event.nodes.length) openActor(event.nodes[0]);
    else if (event.edges.length) openEdge(event.edges[0]);
  });
  byId("panel").append(element("h2", "Click a line"), element("p", "It opens the sentences behind it: who says so, and whether it happened. Click an actor for everything about it."));
  if (matchMedia("(prefers-color-scheme: dark)").matches) document.documentElement.dataset.theme = "dark";
  colour();
  show();
  network.once("afterDrawing", () => { document.body.dataset.drawn = "yes"; });
  network.redraw();
})();
