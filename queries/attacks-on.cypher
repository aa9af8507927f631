// theme: conflict
// Who attacked an actor or a place, with what, and where?
// $actor: actor - who was attacked
// $since: date = 0001-01-01 - only what was reported or happened from this day on
// > attacker: who attacked
// > happenedFrom: the first day on which it is said to have happened
MATCH (c:Claim {type: 'ATTACKS'})-[:TARGET]->(x:Actor {actorId: $actor})
MATCH (c)-[:ATTACKER]->(a:Actor)
WHERE c.trust >= $trust AND coalesce(c.eventTo, c.eventFrom, c.lastReported, $since) >= $since
OPTIONAL MATCH (c)-[:WEAPON]->(w:Actor)
OPTIONAL MATCH (c)-[:PLACE]->(p:Actor)
RETURN a.name AS attacker, w.name AS weapon, p.name AS place, c.status AS status, c.realised AS realised,
       c.eventFrom AS happenedFrom, c.lastReported AS lastReported, c.articles AS articles, c.claimId AS claim
ORDER BY realised DESC, attacker, weapon IS NULL, weapon, place IS NULL, place, claim
