// theme: arms and money
// Which weapons does an actor hold, and by whose hand?
// $actor: actor - who holds them
MATCH (c:Claim)-[:RECIPIENT|HOLDER|MAKER]->(x:Actor {actorId: $actor})
MATCH (c)-[:ITEM]->(w:Actor)
WHERE c.trust >= $trust AND c.type IN ['SUPPLIES', 'POSSESSES', 'MANUFACTURES']
OPTIONAL MATCH (c)-[:SUPPLIER]->(s:Actor)
OPTIONAL MATCH (c)-[:CARRIER]->(k:Actor)
RETURN w.name AS weapon, c.type AS how, s.name AS supplier, k.name AS through, c.status AS status,
       c.realised AS realised, c.articles AS articles, c.lastReported AS lastReported, c.claimId AS claim
ORDER BY weapon, realised DESC, how, supplier IS NULL, supplier, through IS NULL, through, claim
