// theme: over time
// What was known on a day?
// $day: date - what was published until then
// $actor: actor = null - only where this one takes part
// $type: type = null - only claims of this type, like SUPPLIES
// > sentences: how many sentences affirmed it until then
// > since: the day of the first of them
MATCH (e:Evidence)-[:ABOUT]->(c:Claim)
WHERE c.trust >= $trust AND e.reportedOn <= $day AND e.polarity = 'affirmed' AND ($type IS NULL OR c.type = $type)
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
RETURN c.text AS what, count(DISTINCT e.evidenceId) AS sentences, min(e.reportedOn) AS since, c.type AS type,
       c.claimId AS claim
ORDER BY since, what, claim
