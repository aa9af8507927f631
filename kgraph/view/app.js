// Holds it together: one change at a time, each of which can be undone and put into a link.
import { graph, places, look, setLook, fresh, take, seen, drawable, titleOf } from "./state.js";
import { canvas, start, draw, select, jump, fit, keepPlace } from "./draw.js";
import { byId, clip } from "./elements.js";
import { startControls, refreshControls } from "./controls.js";
import { table, startTable } from "./table.js";
import { startExports } from "./exports.js";
import { welcome, openActor, openEdge, openGroup, openLine, cameFrom } from "./panel.js";

const past = [];
let first = null, level = null;

export const app = {
  home: null,  // where more comes from: the page's own data, or the explorer's server
  ends: titleOf,

  change(act, remember = true) {
    const before = JSON.stringify(look);
    const next = JSON.parse(before);
    act(next);
    if (JSON.stringify(next) === before) return;
    if (remember) past.push(before);
    if (past.length > 200) past.shift();
    setLook(next);
    app.refresh();
  },

  refresh() {
    document.documentElement.dataset.theme = look.theme || (matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light");
    byId("theme").textContent = document.documentElement.dataset.theme === "dark" ? "Light" : "Dark";
    byId("undo").disabled = !past.length;
    const now = seen(), shown = drawable(now);
    byId("note").textContent = shown.note;
    byId("note").hidden = !shown.note;
    draw(shown, now.actors, now.edges);
    table(now);
    refreshControls();
    app.open();
    if (level !== look.trust) { level = look.trust; app.home.relevel?.(); }
  },

  // What is selected, in the panel.
  open() {
    const id = look.selected;
    const group = id && canvas.shown.groups.find((one) => one.id === id), line = id && canvas.shown.lines.find((one) => one.id === id);
    if (!id) (app.home.resting || welcome)();
    else if (group) openGroup(group);
    else if (graph.edges.has(id)) openEdge(id);
    else if (line) openLine(line);
    else openActor(id);
    document.body.dataset.selected = id ? "yes" : "";
  },

  select(id) {
    const next = { ...look, selected: id };
    setLook(next);
    select();
    app.open();
  },

  openGroup(key) { app.change((next) => { next.open = [...next.open, key]; next.selected = null; }); },

  async goTo(hit) {
    await app.home.bring?.(hit.id);
    const closed = canvas.shown.groups.find((group) => group.members.some((actor) => actor.id === hit.id));
    app.change((next) => {
      next.selected = hit.id;
      next.hidden = next.hidden.filter((id) => id !== hit.id);
      if (closed) next.open = [...next.open, closed.key];
    });
    app.open();
    jump(hit.id);
  },

  undo() {
    if (!past.length) return;
    setLook(JSON.parse(past.pop()));
    app.refresh();
  },

  reset() {
    app.change((next) => Object.assign(next, fresh(), { drawn: first, theme: next.theme, selected: null }));
    fit();
  },

  // What is gone from the graph cannot be drawn, nor brought back by undoing.
  forget(gone) {
    const stands = graph.edges.has(look.selected) || (graph.actors.has(look.selected) && !gone(look.selected));
    past.length = 0;
    setLook({ ...look, drawn: look.drawn.filter((id) => !gone(id)), selected: stands ? look.selected : null });
    app.refresh();
  },

  link() {
    const moved = Object.fromEntries([...places].filter(([id, at]) => look.drawn ? look.drawn.includes(id) : String(at) !== String(graph.actors.get(id)?.place)));
    const view = { look, moved, at: canvas.network.getViewPosition(), scale: canvas.network.getScale() };
    const bytes = new TextEncoder().encode(JSON.stringify(view));
    location.hash = `view=${btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join("")).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "")}`;
    navigator.clipboard?.writeText(location.href).catch(() => {});
    byId("hint").textContent = "The address now brings back exactly this view.";
  },

  // The view that the address asks for; what is wrong with it is said, not thrown.
  async fromLink() {
    const found = /^#view=([\w-]+)$/.exec(location.hash);
    if (!found) return false;
    try {
      const bytes = Uint8Array.from(atob(found[1].replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
      const view = JSON.parse(new TextDecoder().decode(bytes)), kept = fresh();
      for (const name of Object.keys(kept)) if (name in view.look) kept[name] = view.look[name];
      if (!graph.trusts.includes(kept.trust)) throw new Error("no such level of trust");
      if (kept.drawn) await app.home.load?.(kept.drawn);
      for (const [id, [x, y]] of Object.entries(view.moved)) places.set(id, [Number(x), Number(y)]);
      setLook(kept);
      app.refresh();
      canvas.network.moveTo({ position: view.at, scale: view.scale });
    } catch {
      byId("hint").textContent = "The address names a view that cannot be read.";
      return false;
    }
    return true;
  },
};

function listen() {
  const network = canvas.network;
  network.on("click", ({ nodes, edges }) => { cameFrom(null); app.select(nodes[0] ?? edges[0] ?? null); });
  network.on("doubleClick", ({ nodes }) => {
    const group = canvas.shown.groups.find((one) => one.id === nodes[0]);
    if (group) app.openGroup(group.key);
    else if (nodes.length) app.home.opened?.(nodes[0]);
  });
  network.on("dragEnd", ({ nodes }) => { if (nodes.length && look.physics) app.change((next) => { next.pinned = [...new Set([...next.pinned, ...nodes])]; }); });
  network.on("stabilized", () => canvas.shown.actors.forEach((actor) => keepPlace(actor.id)));
  byId("to-picture").addEventListener("click", () => network.canvas.frame.focus());
  addEventListener("hashchange", app.fromLink);
}

export async function run(home, picture, legend) {
  app.home = home;
  Object.assign(graph, legend, { title: picture.title, trust: picture.trust });
  setLook(fresh());
  level = look.trust;
  byId("title").textContent = document.title = clip(picture.title, 200);
  take(picture);
  if (home.drawn) setLook({ ...look, drawn: first = picture.actors.map((actor) => actor.id) });
  start(byId("mynetwork"));
  listen();
  startControls();
  startTable();
  startExports(seen);
  canvas.network.on("afterDrawing", () => {
    if (!canvas.shown || document.body.dataset.drawn) return;  // an empty canvas is no picture yet
    performance.mark("kgraph-drawn");
    document.body.dataset.drawn = "yes";
  });
  if (!await app.fromLink()) {
    app.refresh();
    fit();
  }
}
