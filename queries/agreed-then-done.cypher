// theme: over time
// What was first agreed or planned and is later said to be done, and how do the days compare?
// $actor: actor = null - only where this one takes part
// $type: type = null - only claims of this type, like SUPPLIES
// > agreed: the day of the first article that says it is agreed, planned or asked for
// > done: the day of the first later article that says it is done
MATCH (v:Evidence)-[:ABOUT]->(c:Claim)<-[:ABOUT]-(w:Evidence)
WHERE c.trust >= $trust AND v.stage IN ['agreed', 'planned', 'requested'] AND w.stage = 'done'
  AND w.polarity = 'affirmed' AND w.reportedOn > v.reportedOn AND ($type IS NULL OR c.type = $type)
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
RETURN c.text AS what, min(v.reportedOn) AS agreed, min(w.reportedOn) AS done, c.claimId AS claim
ORDER BY agreed, what, claim
