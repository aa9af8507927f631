// theme: conflict
// Who fights or attacks whom?
// $actor: actor = null - only where this one takes part
MATCH (a:Actor)-[r:FIGHTS|ATTACKS]->(b:Actor)
WHERE r.trust >= $trust AND ($actor IS NULL OR a.actorId = $actor OR b.actorId = $actor)
RETURN a.name AS one, type(r) AS tie, b.name AS other, r.status AS status, r.realised AS realised, r.current AS current,
       r.articles AS articles, r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY articles DESC, one, tie, other, edge
