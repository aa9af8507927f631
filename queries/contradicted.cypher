// theme: who says it
// Who speaks, and how many of the claims are denied or disputed?
// > speaker: who is quoted or named as the source
// > claims: how many claims it is quoted on
// > disputed: how many of them are disputed
MATCH (s:Actor)<-[:SAID_BY]-(e:Evidence)-[:ABOUT]->(c:Claim)
WHERE c.trust >= $trust
RETURN s.name AS speaker, count(DISTINCT c.claimId) AS claims,
       count(DISTINCT CASE WHEN c.disputed THEN c.claimId END) AS disputed, s.actorId AS actor
ORDER BY disputed DESC, claims DESC, speaker, actor
