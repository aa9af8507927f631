// theme: arms and money
// Along which chains of two or three supplies could arms reach an actor?
// $actor: actor - who is at the end
// > route: the names along the chain, from the first supplier on
// > steps: how many supplies that is
// > allRealised: whether every step is said to have happened
// > edges: the ids of the edges along it
MATCH p = (s:Actor)-[:SUPPLIES|DELIVERS_TO*2..3]->(x:Actor {actorId: $actor})
WHERE s.actorId <> $actor AND all(r IN relationships(p) WHERE r.trust >= $trust)
RETURN [n IN nodes(p) | n.name] AS route, length(p) AS steps, all(r IN relationships(p) WHERE r.realised) AS allRealised,
       [r IN relationships(p) | r.edgeId] AS edges
ORDER BY steps, route, edges
