// theme: arms and money
// Who has a weapon, or one of its variants, and from whom?
// $weapon: actor - the weapon system
// > holder: who has it, makes it or gets it
MATCH (w:Actor)-[:VARIANT_OF*0..2]->(:Actor {actorId: $weapon})
MATCH (c:Claim)-[:ITEM]->(w)
MATCH (c)-[:RECIPIENT|HOLDER|MAKER]->(h:Actor)
WHERE c.trust >= $trust AND c.type IN ['SUPPLIES', 'POSSESSES', 'MANUFACTURES']
OPTIONAL MATCH (c)-[:SUPPLIER]->(s:Actor)
RETURN DISTINCT h.name AS holder, w.name AS weapon, c.type AS how, s.name AS supplier, c.status AS status,
       c.realised AS realised, c.articles AS articles, c.lastReported AS lastReported, c.claimId AS claim
ORDER BY realised DESC, holder, weapon, how, supplier IS NULL, supplier, claim
