// theme: alliances
// Which ties hold the blocs together: alliances, memberships and cooperation that are said to hold?
// $actor: actor = null - only the ties of this one
MATCH (a:Actor)-[r:ALLIED_WITH|MEMBER_OF|COOPERATES_WITH]->(b:Actor)
WHERE r.realised AND r.trust >= $trust AND ($actor IS NULL OR a.actorId = $actor OR b.actorId = $actor)
RETURN a.name AS one, type(r) AS tie, b.name AS other, r.status AS status, r.current AS current, r.origins AS origins,
       r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY tie, one, other, edge
