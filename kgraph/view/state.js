// The graph, how it is looked at, and what is seen of it then. Knows nothing of the page.
export const graph = { title: "", actors: new Map(), edges: new Map(), kinds: {}, families: {}, types: {}, statuses: [], trusts: [], trust: null };
export const places = new Map();  // actor id -> [x, y]
export const MOST_DRAWN = 1000;   // of more actors communities are drawn, or the strongest part

export const fresh = () => ({ noTypes: [], noKinds: [], noStatuses: [], disputed: false, trust: graph.trust, articles: 1, origins: 1, from: null, to: null,
  size: "degree", group: "", open: [], hidden: [], pinned: [], drawn: null, selected: null, physics: false, names: null, theme: null });
export let look = fresh();
export const setLook = (next) => { look = { ...fresh(), ...next }; };

// Takes in actors and lines; what is known already stays where it is.
export function take(picture, near = [0, 0]) {
  picture.actors.forEach((actor, n) => {
    graph.actors.set(actor.id, { ...graph.actors.get(actor.id), ...actor });
    if (places.has(actor.id)) return;
    const far = 90 + 22 * Math.sqrt(n), turn = n * 2.39996;  // beside what was opened, as the seeds of a sunflower
    places.set(actor.id, actor.place || [Math.round(near[0] + far * Math.cos(turn)), Math.round(near[1] + far * Math.sin(turn))]);
  });
  for (const edge of picture.edges) graph.edges.set(edge.id, edge);
}

export const nameOf = (id) => graph.actors.get(id)?.name ?? id;
export const titleOf = (edge) => `${nameOf(edge.source)} ${edge.directed ? "→" : "–"} ${nameOf(edge.target)}`;
// Whether something is shown at the level of trust that is looked at: the strictest level comes first.
export const trusted = (one) => graph.trusts.indexOf(one.shownAt) <= graph.trusts.indexOf(look.trust);
export const days = () => [...new Set([...graph.edges.values()].flatMap((edge) => edge.dates))].sort();

// What a filter lets through: the actors and lines that are seen, before any of them are put into groups.
export function seen() {
  const kinds = new Set(look.noKinds), types = new Set(look.noTypes), statuses = new Set(look.noStatuses), hidden = new Set(look.hidden);
  const drawn = look.drawn && new Set(look.drawn);
  const stands = (id) => graph.actors.has(id) && !hidden.has(id) && !kinds.has(graph.actors.get(id).kind) && (!drawn || drawn.has(id));
  const inTime = (edge) => !edge.dates.length || edge.dates.some((day) => (!look.from || day >= look.from) && (!look.to || day <= look.to));
  const edges = [...graph.edges.values()].filter((edge) => trusted(edge) && !types.has(edge.type) && !statuses.has(edge.status) && (!look.disputed || edge.disputed)
    && edge.articles >= look.articles && edge.origins >= look.origins && inTime(edge) && stands(edge.source) && stands(edge.target));
  const ends = new Set(drawn ? [...drawn].filter(stands) : edges.flatMap((edge) => [edge.source, edge.target]));
  return { actors: [...ends].map((id) => graph.actors.get(id)), edges };
}

const GROUPED = {
  community: (actor) => `community ${actor.community}`,
  country: (actor) => actor.kind === "State" ? actor.name : actor.country || null,
};

// What is drawn of it: groups instead of their members where asked or where there are too many actors; a note says so.
export function drawable({ actors, edges }) {
  const crowded = actors.length > MOST_DRAWN && !look.group;
  const by = GROUPED[crowded ? "community" : look.group], open = new Set(look.open), members = new Map();
  for (const actor of by ? actors : []) {
    const key = by(actor);
    if (key !== null && !open.has(key)) members.set(key, [...(members.get(key) || []), actor]);
  }
  const homes = new Map(), groups = [];
  for (const [key, inside] of members) {
    if (inside.length < 2) continue;
    inside.sort((a, b) => b.articles - a.articles || (a.id < b.id ? -1 : 1));
    groups.push({ id: `\u0001${key}`, key, members: inside, name: (key.startsWith("community ") ? inside[0].name : key) + ` +${inside.length - 1}` });
    inside.forEach((actor) => homes.set(actor.id, `\u0001${key}`));
  }
  const home = (id) => homes.get(id) || id, lines = new Map();
  for (const edge of edges) {
    const from = home(edge.source), to = home(edge.target), inGroup = from !== edge.source || to !== edge.target;
    if (inGroup && from === to) continue;
    const id = inGroup ? `\u0001${[from, to].sort().join("\u0001")}` : edge.id;
    const line = lines.get(id) || { id, source: from, target: to, edges: [] };
    line.edges.push(edge);
    lines.set(id, line);
  }
  const single = actors.filter((actor) => !homes.has(actor.id));
  return strongest({ groups, actors: single, lines: [...lines.values()] }, crowded ? actors.length : 0);
}

function strongest(drawn, crowd) {
  const ties = new Map(), count = drawn.groups.length + drawn.actors.length;
  for (const { source, target } of drawn.lines) for (const end of [source, target]) ties.set(end, (ties.get(end) || 0) + 1);
  const said = crowd ? `${crowd} actors are too many to draw at once, so communities are drawn: double-click one to open it.` : "";
  if (count <= MOST_DRAWN) return { ...drawn, note: said };
  const rank = (one) => (one.members ? 1e6 + one.members.length : ties.get(one.id) || 0);
  const kept = [...drawn.groups, ...drawn.actors].sort((a, b) => rank(b) - rank(a) || (a.id < b.id ? -1 : 1)).slice(0, MOST_DRAWN);
  const stays = new Set(kept.map((one) => one.id));
  return { groups: drawn.groups.filter((one) => stays.has(one.id)), actors: drawn.actors.filter((one) => stays.has(one.id)),
    lines: drawn.lines.filter((line) => stays.has(line.source) && stays.has(line.target)),
    note: `${said} Of ${count} the ${MOST_DRAWN} strongest are drawn; filters and the search reach the others.`.trim() };
}

// Words without case and accents, so that "turkiye" finds Türkiye.
export const folded = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();

// The actors with a name or alias that has these words, the best fit first; `via` is the name that fits.
export function found(words, limit = 12) {
  const wanted = folded(words.trim()), hits = [];
  if (!wanted) return hits;
  for (const actor of graph.actors.values()) {
    let best = 4, via = null;
    for (const name of [actor.name, ...actor.aliases, actor.id]) {
      const text = folded(name), at = text.indexOf(wanted);
      const rank = at < 0 ? 4 : text === wanted ? 0 : at === 0 ? 1 : text[at - 1] === " " ? 2 : 3;
      if (rank < best) [best, via] = [rank, name];
    }
    if (best < 4) hits.push({ ...actor, via, rank: best });
  }
  return hits.sort((a, b) => a.rank - b.rank || b.articles - a.articles || (a.id < b.id ? -1 : 1)).slice(0, limit);
}
