// theme: arms and money
// Through whom do arms go from one actor to another?
// $actor: actor = null - only what this one carries
// > recipient: whom the arms are for
MATCH (c:Claim {type: 'SUPPLIES'})-[:CARRIER]->(k:Actor)
MATCH (c)-[:SUPPLIER]->(s:Actor)
MATCH (c)-[:RECIPIENT]->(r:Actor)
WHERE c.trust >= $trust AND ($actor IS NULL OR k.actorId = $actor)
OPTIONAL MATCH (c)-[:ITEM]->(i:Actor)
RETURN s.name AS supplier, k.name AS through, r.name AS recipient, i.name AS item, c.status AS status,
       c.realised AS realised, c.articles AS articles, c.claimId AS claim
ORDER BY supplier, through, recipient, item IS NULL, item, claim
