// theme: over time
// What was first reported between two days?
// $since: date - the first day
// $until: date = 9999-12-31 - the last day
// $actor: actor = null - only where this one takes part
// $type: type = null - only claims of this type
MATCH (c:Claim)
WHERE c.trust >= $trust AND c.firstReported >= $since AND c.firstReported <= $until
  AND ($type IS NULL OR c.type = $type)
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
RETURN c.firstReported AS reported, c.text AS what, c.type AS type, c.status AS status, c.articles AS articles,
       c.claimId AS claim
ORDER BY reported, what, claim
