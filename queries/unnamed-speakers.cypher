// theme: how sure
// Which claims rest only on speakers without a name?
// $actor: actor = null - only where this one takes part
MATCH (c:Claim)<-[:ABOUT]-(e:Evidence)
WHERE c.trust >= $trust AND ($actor IS NULL OR EXISTS { MATCH (c)-->(x:Actor) WHERE x.actorId = $actor })
WITH c, count(DISTINCT e.evidenceId) AS sentences, collect(DISTINCT e.voice) AS voices
WHERE all(voice IN voices WHERE voice <> 'author')
  AND NOT EXISTS { MATCH (c)<-[:ABOUT]-(f:Evidence)-[:SAID_BY]->(:Actor) }
RETURN c.text AS what, sentences AS sentences, c.status AS status, c.claimId AS claim
ORDER BY sentences DESC, what, claim
