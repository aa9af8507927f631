// theme: places
// What is deployed where, and by whom?
// $actor: actor = null - only what this one deploys
// > who: who deploys
MATCH (c:Claim {type: 'DEPLOYS_TO'})-[:AGENT]->(a:Actor)
MATCH (c)-[:PLACE]->(p:Actor)
WHERE c.trust >= $trust AND ($actor IS NULL OR a.actorId = $actor)
OPTIONAL MATCH (c)-[:ITEM]->(i:Actor)
RETURN a.name AS who, i.name AS item, p.name AS place, c.status AS status, c.realised AS realised,
       c.lastReported AS lastReported, c.claimId AS claim
ORDER BY who, place, item IS NULL, item, claim
