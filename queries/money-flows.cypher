// theme: arms and money
// Who funds whom?
// $actor: actor = null - only money from or to this one
// > payer: who gives the money
// > paid: who gets it
MATCH (a:Actor)-[r:FUNDS]->(b:Actor)
WHERE r.trust >= $trust AND ($actor IS NULL OR a.actorId = $actor OR b.actorId = $actor)
RETURN a.name AS payer, b.name AS paid, r.status AS status, r.realised AS realised, r.articles AS articles,
       r.firstReported AS firstReported, r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY realised DESC, payer, paid, edge
