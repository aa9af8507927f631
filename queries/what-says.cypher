// theme: who says it
// What does an actor say, and about whom?
// $actor: actor - who speaks
// > depth: 1 where it is quoted itself, more where others pass it on
MATCH (e:Evidence)-[s:SAID_BY]->(x:Actor {actorId: $actor})
MATCH (e)-[:ABOUT]->(c:Claim)
WHERE c.trust >= $trust
RETURN DISTINCT e.reportedOn AS reported, c.text AS claimed, e.status AS status, s.depth AS depth, e.sentence AS sentence,
       e.evidenceId AS evidence, c.claimId AS claim
ORDER BY reported IS NULL, reported, evidence, claim, depth
