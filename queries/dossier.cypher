// theme: one actor
// What is said of an actor?
// $actor: actor - of whom
// > role: which part it takes
MATCH (c:Claim)-[r]->(x:Actor {actorId: $actor})
WHERE c.trust >= $trust
RETURN DISTINCT c.type AS type, type(r) AS role, c.text AS what, c.status AS status, c.current AS current,
       c.articles AS articles, c.lastReported AS lastReported, c.claimId AS claim
ORDER BY type, lastReported IS NULL, lastReported DESC, what, role, claim
