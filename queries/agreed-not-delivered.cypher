// theme: over time
// What is agreed, planned or asked for, and not known to have happened?
// $actor: actor = null - only where this one takes part
// $type: type = null - only claims of this type, like SUPPLIES
// > denials: how many origins deny it
MATCH (c:Claim)
WHERE c.trust >= $trust AND c.status = 'planned' AND NOT c.realised AND ($type IS NULL OR c.type = $type)
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
RETURN c.text AS what, c.stage AS stage, c.articles AS articles, c.firstReported AS firstReported,
       c.lastReported AS lastReported, c.denyingOrigins AS denials, c.claimId AS claim
ORDER BY lastReported IS NULL, lastReported DESC, what, claim
