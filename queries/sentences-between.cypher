// theme: one actor
// Which sentences tie two actors to each other?
// $a: actor - the one
// $b: actor - the other
MATCH (c:Claim)-[x]->(a:Actor {actorId: $a})
MATCH (c)-[y]->(b:Actor {actorId: $b})
MATCH (e:Evidence)-[:ABOUT]->(c)
MATCH (e)-[:FOUND_IN]->(t:Article)
WHERE c.trust >= $trust AND a.actorId <> b.actorId
RETURN DISTINCT e.reportedOn AS reported, c.text AS claimed, e.status AS status, e.speakers AS speakers,
       e.sentence AS sentence, t.title AS article, e.evidenceId AS evidence, c.claimId AS claim
ORDER BY reported IS NULL, reported, article, evidence, claim
