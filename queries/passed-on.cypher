// theme: arms and money
// Which weapons did an actor receive and is said to pass on?
// $actor: actor = null - only what passed through this one
// > from: who supplied it first
// > to: who got it in the end
// > received: the status of the first supply
// > passed: the status of the second
MATCH (c:Claim {type: 'SUPPLIES'})-[:RECIPIENT]->(m:Actor)<-[:SUPPLIER]-(d:Claim {type: 'SUPPLIES'})
WHERE ($actor IS NULL OR m.actorId = $actor) AND c.claimId <> d.claimId
  AND c.trust >= $trust AND d.trust >= $trust
MATCH (c)-[:SUPPLIER]->(s:Actor)
MATCH (d)-[:RECIPIENT]->(r:Actor)
MATCH (c)-[:ITEM]->(w:Actor)<-[:ITEM]-(d)
RETURN DISTINCT s.name AS from, m.name AS through, r.name AS to, w.name AS weapon, c.status AS received, d.status AS passed,
       c.claimId AS claim1, d.claimId AS claim2
ORDER BY from, through, to, weapon, claim1, claim2
