// Search, filters that are the legend as well, the dates with their slider, and the buttons.
import { graph, look, days } from "./state.js";
import { MEASURES } from "./measures.js";
import { fit } from "./draw.js";
import { byId, element, button, clip, labelled } from "./elements.js";
import { app } from "./app.js";

const without = (list, value, on) => on ? list.filter((one) => one !== value) : [...list, value];
const refreshers = [];
export const refreshControls = () => refreshers.forEach((one) => one());

function box(label, isOn, set, swatch) {
  const made = element("input", null, { type: "checkbox" }), wrapped = element("label");
  made.addEventListener("change", () => app.change((next) => set(next, made.checked)));
  refreshers.push(() => { made.checked = isOn(); });
  wrapped.append(made, ...(swatch ? [swatch] : []), label);
  return wrapped;
}

const SHAPES = { dot: "M8 2a6 6 0 1 0 .01 0z", triangle: "M8 1 15 14H1z", square: "M2 2h12v12H2z", star: "M8 0 10 6h6l-5 4 2 6-5-4-5 4 2-6-5-4h6z", diamond: "M8 0 16 8 8 16 0 8z", hexagon: "M4 1h8l4 7-4 7H4L0 8z" };
function shape(kind) {
  const made = document.createElementNS("http://www.w3.org/2000/svg", "svg"), path = document.createElementNS("http://www.w3.org/2000/svg", "path");
  for (const [name, value] of Object.entries({ viewBox: "0 0 16 16", width: 12, height: 12, "aria-hidden": "true" })) made.setAttribute(name, value);
  path.setAttribute("d", SHAPES[kind.shape]);
  path.setAttribute("fill", kind.colour);
  made.append(path);
  return made;
}

function line(colour) {
  const made = element("span", null, { class: "swatch" });
  made.style.background = colour;
  return made;
}

function legend() {
  for (const [name, kind] of Object.entries(graph.kinds))
    byId("kinds").append(box(name, () => !look.noKinds.includes(name), (next, on) => { next.noKinds = without(next.noKinds, name, on); }, shape(kind)));
  for (const [family, colour] of Object.entries(graph.families)) {
    const types = Object.keys(graph.types).filter((type) => graph.types[type].family === family);
    const all = box(family, () => types.some((type) => !look.noTypes.includes(type)), (next, on) => {
      next.noTypes = on ? next.noTypes.filter((type) => !types.includes(type)) : [...new Set([...next.noTypes, ...types])];
    }, line(colour));
    const inside = element("details"), summary = element("summary");
    summary.append(all);
    inside.append(summary, ...types.map((type) => box(graph.types[type].label, () => !look.noTypes.includes(type), (next, on) => { next.noTypes = without(next.noTypes, type, on); })));
    byId("families").append(inside);
  }
  for (const status of graph.statuses)
    byId("statuses").append(box(status, () => !look.noStatuses.includes(status), (next, on) => { next.noStatuses = without(next.noStatuses, status, on); }));
  byId("statuses").append(box("only disputed", () => look.disputed, (next, on) => { next.disputed = on; }));
}

function numbers() {
  for (const [id, words] of [["articles", "articles, at least"], ["origins", "origins, at least"]]) {
    const input = element("input", null, { type: "number", min: 1, value: 1, id: `least-${id}` });
    input.addEventListener("change", () => app.change((next) => { next[id] = Math.max(1, Number(input.value) || 1); }));
    refreshers.push(() => { input.value = look[id]; });
    byId("numbers").append(labelled(words, input));
  }
}

function choice(id, words, options, name, place = "looks") {
  const select = element("select", null, { id });
  select.append(...Object.entries(options).map(([value, label]) => element("option", label, { value })));
  select.addEventListener("change", () => app.change((next) => { next[name] = select.value; if (name === "group") next.open = []; }));
  refreshers.push(() => { select.value = look[name]; });
  byId(place).append(labelled(words, select));
}

// The dates: two handles over the days on which something was reported. Playing moves the later one.
function dates() {
  const from = element("input", null, { type: "range", id: "from", "aria-label": "first day", min: 0 }), to = element("input", null, { type: "range", id: "to", "aria-label": "last day", min: 0 });
  const words = element("output", null, { id: "span" }), play = button("Play", () => toggle(), { id: "play" });
  const set = (past) => app.change((next) => {
    const every = days(), [one, other] = [Number(from.value), Number(to.value)].sort((a, b) => a - b);
    next.from = one > 0 ? every[one] : null;
    next.to = other < every.length - 1 ? every[other] : null;
  }, past);
  let timer = null;
  function toggle() {
    if (timer) { clearInterval(timer); timer = null; play.textContent = "Play"; return; }
    const last = days().length - 1;
    if (Number(to.value) >= last) { to.value = from.value; set(true); }
    play.textContent = "Stop";
    timer = setInterval(() => {
      to.value = Math.min(last, Number(to.value) + Math.max(1, Math.round(last / 60)));
      set(false);
      if (Number(to.value) >= last) toggle();
    }, 500);
  }
  from.addEventListener("input", () => set(true));
  to.addEventListener("input", () => set(true));
  byId("dates").append(from, to, play, words);
  refreshers.push(() => {
    const every = days(), last = Math.max(0, every.length - 1), at = (day, otherwise) => day ? every.findLastIndex((one) => one <= day) : otherwise;
    from.max = to.max = last;
    from.value = look.from ? Math.max(0, every.findIndex((one) => one >= look.from)) : 0;
    to.value = at(look.to, last);
    words.textContent = every.length ? `${clip(look.from || every[0], 40)} to ${clip(look.to || every[last], 40)}` : "nothing is dated";
    byId("dates").hidden = every.length < 2;
  });
}

function search() {
  const input = byId("find"), list = byId("found");
  let asked = 0;
  const close = () => { list.replaceChildren(); input.setAttribute("aria-expanded", "false"); };
  const choose = (hit) => { close(); input.value = hit.name; app.goTo(hit); };
  async function look() {
    const mine = ++asked, hits = input.value.trim() ? await app.home.search(input.value) : [];
    if (mine !== asked) return hits;
    list.replaceChildren(...hits.map((hit) => {
      const item = element("li", null, { role: "option" });
      item.append(button(hit.via && hit.via !== hit.name ? `${clip(hit.name, 80)} (${clip(hit.via, 80)})` : clip(hit.name, 80), () => choose(hit)), element("span", ` ${hit.kind}`, { class: "faint" }));
      return item;
    }));
    if (!hits.length && input.value.trim()) list.append(element("li", "nobody goes by that name", { class: "faint" }));
    input.setAttribute("aria-expanded", String(hits.length > 0));
    return hits;
  }
  input.addEventListener("input", look);
  input.addEventListener("keydown", async (event) => {
    if (event.key === "Enter") { const hits = await look(); if (hits.length) choose(hits[0]); }
    if (event.key === "Escape") close();
    if (event.key === "ArrowDown") list.querySelector("button")?.focus();
  });
  list.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key], all = [...list.querySelectorAll("button")], at = all.indexOf(document.activeElement);
    if (event.key === "Escape") { close(); input.focus(); }
    if (step && at >= 0) { event.preventDefault(); (all[at + step] || input).focus(); }
  });
}

export function startControls() {
  byId("side").open = !matchMedia("(max-width: 50rem)").matches;
  legend();
  choice("trust", "trust", Object.fromEntries(graph.trusts.map((one) => [one, one])), "trust", "numbers");
  numbers();
  choice("size", "size by", MEASURES, "size");
  choice("group", "group by", { "": "nothing", community: "community", country: "country" }, "group");
  byId("looks").append(box("let them move", () => look.physics, (next, on) => { next.physics = on; }),
    box("name the lines", () => look.names ?? false, (next, on) => { next.names = on; }));
  dates();
  search();
  byId("undo").addEventListener("click", app.undo);
  byId("reset").addEventListener("click", app.reset);
  byId("fit").addEventListener("click", fit);
  byId("theme").addEventListener("click", () => app.change((next) => { next.theme = document.documentElement.dataset.theme === "dark" ? "light" : "dark"; }));
  byId("link").addEventListener("click", app.link);
}
