// theme: alliances
// Who is allied with whom?
// $actor: actor = null - only the allies of this one
MATCH (a:Actor)-[r:ALLIED_WITH]->(b:Actor)
WHERE r.trust >= $trust AND ($actor IS NULL OR a.actorId = $actor OR b.actorId = $actor)
RETURN a.name AS one, b.name AS other, r.status AS status, r.current AS current, r.articles AS articles,
       r.firstReported AS firstReported, r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY articles DESC, one, other, edge
