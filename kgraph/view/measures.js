// How central each actor is among what is seen, from 0 to 1.
export const MEASURES = {
  degree: "number of ties", articles: "number of articles", betweenness: "standing between others", pagerank: "ties to the well-tied", same: "all the same",
};

export function centrality(measure, actors, edges) {
  const near = new Map(actors.map((actor) => [actor.id, new Set()]));
  for (const { source, target } of edges) if (source !== target) { near.get(source)?.add(target); near.get(target)?.add(source); }
  const values = { degree: () => new Map([...near].map(([id, others]) => [id, others.size])), betweenness: () => betweenness(near), pagerank: () => pagerank(near),
    articles: () => new Map(actors.map((actor) => [actor.id, actor.articles])), same: () => new Map(actors.map((actor) => [actor.id, 1])) }[measure]();
  const most = Math.max(1e-12, ...values.values());
  return new Map([...values].map(([id, value]) => [id, value / most]));
}

// Source: Brandes (2001), for ties without direction or weight.
function betweenness(near) {
  const between = new Map([...near.keys()].map((id) => [id, 0]));
  for (const start of near.keys()) {
    const order = [start], ways = new Map([[start, 1]]), far = new Map([[start, 0]]), before = new Map([[start, []]]);
    for (let n = 0; n < order.length; n++) {
      const at = order[n];
      for (const next of near.get(at)) {
        if (!far.has(next)) { far.set(next, far.get(at) + 1); ways.set(next, 0); before.set(next, []); order.push(next); }
        if (far.get(next) === far.get(at) + 1) { ways.set(next, ways.get(next) + ways.get(at)); before.get(next).push(at); }
      }
    }
    const share = new Map(order.map((id) => [id, 0]));
    for (let n = order.length - 1; n > 0; n--) {
      const at = order[n];
      for (const previous of before.get(at)) share.set(previous, share.get(previous) + ways.get(previous) / ways.get(at) * (1 + share.get(at)));
      between.set(at, between.get(at) + share.get(at));
    }
  }
  return between;
}

// Source: Page et al. (1999), with the usual 0.85.
function pagerank(near) {
  let rank = new Map([...near.keys()].map((id) => [id, 1]));
  for (let round = 0; round < 40; round++) {
    const next = new Map([...near.keys()].map((id) => [id, 0.15]));
    for (const [id, others] of near) for (const other of others) next.set(other, next.get(other) + 0.85 * rank.get(id) / others.size);
    rank = next;
  }
  return rank;
}
