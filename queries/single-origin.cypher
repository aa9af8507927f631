// theme: how sure
// Which claims rest on one origin alone, in however many articles?
// $actor: actor = null - only where this one takes part
// $type: type = null - only claims of this type, like SUPPLIES
MATCH (c:Claim)
WHERE c.trust >= $trust AND c.origins = 1 AND ($type IS NULL OR c.type = $type)
  AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
RETURN c.text AS what, c.status AS status, c.articles AS articles, c.lastReported AS lastReported, c.claimId AS claim
ORDER BY articles DESC, what, claim
