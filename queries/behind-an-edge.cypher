// theme: one actor
// Which sentences are behind an edge?
// $edge: text - the id of the edge, as other questions print it
MATCH (:Actor)-[r]->(:Actor)
WHERE r.edgeId = $edge
WITH r.claimIds AS ids
MATCH (c:Claim)<-[:ABOUT]-(e:Evidence)-[:FOUND_IN]->(t:Article)
WHERE c.claimId IN ids AND c.trust >= $trust
RETURN DISTINCT e.reportedOn AS reported, c.text AS claimed, e.status AS status, e.speakers AS speakers,
       e.sentence AS sentence, t.title AS article, t.outlet AS outlet, e.evidenceId AS evidence, c.claimId AS claim
ORDER BY reported IS NULL, reported, article, evidence, claim
