// theme: sanctions
// Who has put sanctions on an actor?
// $actor: actor - who is under sanctions
// > by: whose sanctions
MATCH (z:Actor)-[r:SANCTIONS]->(x:Actor {actorId: $actor})
WHERE r.trust >= $trust
RETURN z.name AS by, r.status AS status, r.current AS current, r.articles AS articles,
       r.firstReported AS firstReported, r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY firstReported IS NULL, firstReported, by, edge
