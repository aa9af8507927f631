// theme: arms and money
// Who arms an actor, with what, and through whom?
// $actor: actor - who is armed
// > of: the state or body that the supplier belongs to
MATCH (c:Claim {type: 'SUPPLIES'})-[:RECIPIENT]->(x:Actor {actorId: $actor})
MATCH (c)-[:SUPPLIER]->(s:Actor)
WHERE c.trust >= $trust
OPTIONAL MATCH (s)-[:PART_OF|OFFICE_OF]->(o:Actor)
WITH c, s, min(o.name) AS of
OPTIONAL MATCH (c)-[:ITEM]->(i:Actor)
OPTIONAL MATCH (c)-[:CARRIER]->(k:Actor)
RETURN s.name AS supplier, of AS of, i.name AS item, k.name AS through, c.status AS status, c.realised AS realised,
       c.articles AS articles, c.lastReported AS lastReported, c.claimId AS claim
ORDER BY realised DESC, supplier, item IS NULL, item, through IS NULL, through, claim
