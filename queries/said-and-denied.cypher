// theme: how sure
// What is said by some and denied by others?
// $actor: actor = null - only where this one takes part
MATCH (c:Claim)<-[:ABOUT]-(e:Evidence)-[:FOUND_IN]->(a:Article)
WHERE c.trust >= $trust AND EXISTS { MATCH (c)<-[:ABOUT]-(y:Evidence) WHERE y.polarity = 'affirmed' }
  AND EXISTS { MATCH (c)<-[:ABOUT]-(n:Evidence) WHERE n.polarity IN ['denied', 'negated'] }
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
RETURN c.text AS what, e.status AS status, e.speakers AS speakers, e.sentence AS sentence, e.reportedOn AS reported,
       a.title AS article, c.claimId AS claim, e.evidenceId AS evidence
ORDER BY what, claim, reported IS NULL, reported, evidence
