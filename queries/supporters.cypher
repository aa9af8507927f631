// theme: one actor
// Who trains, funds, hosts, supports or supplies an actor?
// $actor: actor - who is helped
// > supporter: who helps
MATCH (s:Actor)-[r:TRAINS|FUNDS|HOSTS|SUPPORTS|SUPPLIES]->(x:Actor {actorId: $actor})
WHERE r.trust >= $trust
RETURN s.name AS supporter, type(r) AS how, r.status AS status, r.realised AS realised, r.current AS current,
       r.articles AS articles, r.lastReported AS lastReported, r.edgeId AS edge
ORDER BY supporter, how, edge
