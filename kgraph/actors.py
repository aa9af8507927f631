from __future__ import annotations
from dataclasses import dataclass
from kgraph.catalogue import Catalogue
from kgraph.documents import Document
from kgraph.mentions import Name
from kgraph.model import LocalActor, Mention, Kind

@dataclass(frozen=True, slots=True)
class Reference:
    local: str
    start: int
    end: int
    source: str
    use: str
    place: str | None = None

@dataclass(frozen=True)
class Cast:
    actors: dict
    at: dict
    mentions: tuple

OWNED=set("""government official authority officer leader fighter troop soldier force man woman aircraft jet plane warplane helicopter
 diplomat envoy ambassador delegation minister ministry military army navy regime administration state ship vessel warship submarine
 target site position base facility installation city town village commander spokesman spokeswoman militant mercenary crew gunner pilot
 intelligence rebel militia unit side expert negotiator team attache attaché serviceman servant embassy consulate headquarters bureau
 wing command convoy tank drone missile artillery airstrike strike infrastructure capital territory soil peacekeeper instructor adviser
 trainer bodyguard fleet marine air_force gunman member lawmaker agent""".split())
DESC={ # noun -> kinds
 'group':(Kind.GROUP,Kind.ORGANIZATION),'movement':(Kind.GROUP,),'militia':(Kind.GROUP,),'faction':(Kind.GROUP,),'organisation':(Kind.ORGANIZATION,Kind.GROUP),'organization':(Kind.ORGANIZATION,Kind.GROUP),
 'mercenary':(Kind.GROUP,),'rebel':(Kind.GROUP,),'alliance':(Kind.ORGANIZATION,),'bloc':(Kind.ORGANIZATION,),'company':(Kind.ORGANIZATION,),'firm':(Kind.ORGANIZATION,),'agency':(Kind.ORGANIZATION,),'ministry':(Kind.ORGANIZATION,),
 'system':(Kind.WEAPON,),'missile':(Kind.WEAPON,),'drone':(Kind.WEAPON,),'aircraft':(Kind.WEAPON,),'jet':(Kind.WEAPON,),'fighter':(),'tank':(Kind.WEAPON,),'ship':(Kind.WEAPON,),'vessel':(Kind.WEAPON,),'carrier':(Kind.WEAPON,),
 'country':(Kind.STATE,),'kingdom':(Kind.STATE,),'republic':(Kind.STATE,),'emirate':(Kind.STATE,),'nation':(Kind.STATE,),'city':(Kind.PLACE,),'town':(Kind.PLACE,),'strip':(Kind.PLACE,),'brigade':(Kind.ORGANIZATION,Kind.GROUP),'force':(Kind.GROUP,Kind.ORGANIZATION),'army':(Kind.ORGANIZATION,),
 'network':(Kind.GROUP,),'cartel':(Kind.GROUP,),'gang':(Kind.GROUP,),'party':(Kind.ORGANIZATION,),'mission':(Kind.ORGANIZATION,),'court':(Kind.ORGANIZATION,)}
HE={'he','him','his','himself'}; SHE={'she','her','herself','hers'}; IT={'it','its','itself'}; THEY={'they','them','their','themselves'}; WE={'we','us','our','ours'}

def find_cast(document, names, catalogue):
    doc=document.doc; actors={}; at={}; mentions=[]; forms={}
    surname={}; adate=document.article.published or ''
    def local_for(entry,text,kind):
        nm=entry.name if entry else text
        loc=f"{nm} ({kind})"
        if loc not in actors: actors[loc]=LocalActor(loc,nm,kind,entry.id if entry else None,(entry.country or (None,))[0] if entry else None)
        return loc
    order=[]
    states_here=set()
    for n in names:
        for e in n.entries[:1]:
            if e.kind is Kind.STATE: states_here.add(e.id)
    for n in names:
        text=doc[n.start:n.end].text
        ents=n.entries; place=None; e=None; kind=n.kind
        if ents:
            e=ents[0]
            people=[x for x in ents if x.kind is Kind.PERSON]
            if e.kind is Kind.PERSON and len(people)>1:
                cur=[x for x in people if any((not o.since or o.since<=adate) and (not o.until or adate<=o.until) for o in x.offices)]
                e=(cur or people)[0]
            kind=e.kind
            if n.use=='capital':
                p=[x for x in ents if x.kind is Kind.PLACE]
                place=(p[0] if p else None)
        elif kind is Kind.PERSON:
            last=text.split()[-1]
            if ' ' in text: surname[last]=text
            elif text in surname: text=surname[text]
        loc=local_for(e,text,kind)
        ploc=None
        if n.use=='capital':
            if place: ploc=local_for(place,place.name,Kind.PLACE)
            else:
                ploc=f"{text} (Place)"; actors.setdefault(ploc,LocalActor(ploc,text,Kind.PLACE))
        r=Reference(loc,n.start,n.end,n.source,n.use,ploc)
        for i in range(n.start,n.end): at[i]=(r,)
        root=doc[n.start:n.end].root
        at[root.i]=(r,)
        city=False
        if ploc:
            h=root.head
            if root.dep_=='pobj' and h.lower_ in ('in','at','near','outside','to','from','around','over') : city=True
        mloc=ploc if city else loc
        forms.setdefault(mloc,[]).append(doc[n.start:n.end].text)
        s=doc[n.start:n.end]
        mentions.append(Mention(mloc,document.start(s),document.end(s),document.article.text[document.start(s):document.end(s)],n.source))
        order.append((root.i,r,kind))
    # owners
    for i,r,kind in list(order):
        root=doc[i]; h=root.head
        if root.dep_=='conj' and root.head.i in at and root.head.dep_ in('amod','compound','poss','nmod'): h=root.head.head
        elif root.dep_ not in('amod','compound','poss','nmod'): continue
        if h.i in at and at[h.i][0].use!='owner': continue
        if h.pos_ in('NOUN','PROPN') and h.i>i and h.lemma_.lower() in OWNED and kind in (Kind.STATE,Kind.GROUP,Kind.ORGANIZATION,Kind.PERSON):
            o=Reference(r.local,root.i,h.i+1,r.source,'owner',None)
            if h.i in at and all(x.local!=o.local for x in at[h.i]): at[h.i]=at[h.i]+(o,)
            else: at[h.i]=(o,)
    # apposition
    for t in doc:
        if t.i in at or t.pos_ not in('NOUN','PROPN'): continue
        if t.lemma_.lower() not in DESC: continue
        for c in t.children:
            if c.dep_=='appos' and c.i in at: at[t.i]=tuple(Reference(x.local,t.i,t.i+1,'reference','description') for x in at[c.i])
        if t.i not in at and t.dep_=='appos' and t.head.i in at: at[t.i]=tuple(Reference(x.local,t.i,t.i+1,'reference','description') for x in at[t.head.i])
    # discourse
    seen=[] # (i, refs, kind, subj)
    sent_no={}; k=0
    for s in doc.sents:
        for t in s: sent_no[t.i]=k
        k+=1
    para={}
    for pi,(a,b) in enumerate(document.paragraphs):
        for i in range(a,b): para[i]=pi
    name_at={i:(r,kind) for i,r,kind in order}
    def candidates(t,ok,maxs):
        out=[]
        for (i,loc,kind,subj) in reversed(seen):
            if sent_no[t.i]-sent_no[i]>maxs: break
            if ok(loc,kind): out.append((i,loc,kind,subj))
        return out
    def pick(t,ok,maxs):
        c=candidates(t,ok,maxs)
        if not c: return None
        def clause_subject(i):
            return any(x.dep_ in('nsubj','nsubjpass') and x.head==t.head and x.i==i for x in t.head.children) if t.dep_ in('dobj','pobj','dative') else False
        c=[x for x in c if not clause_subject(x[0])]
        if not c: return None
        same=[x for x in c if sent_no[x[0]]==sent_no[t.i]]
        prev=[x for x in c if sent_no[x[0]]==sent_no[t.i]-1]
        for pool in (same,prev,c):
            subj=[x for x in pool if x[3]]
            if subj: return (subj[0] if pool is not same else subj[-1])
            if pool: return pool[0]
    fem=set()
    for t in doc:
        i=t.i; low=t.lower_
        if i in name_at:
            r,kind=name_at[i]
            seen.append((i,r.local,kind,t.dep_ in('nsubj','nsubjpass') or (t.dep_ in('poss','compound','amod') and t.head.dep_ in('nsubj','nsubjpass'))))
            continue
        if i in at: 
            continue
        res=None
        if t.tag_ in('WDT','WP','WP$') or (low=='that' and t.dep_ in('nsubj','nsubjpass','dobj')):
            v=t
            while v.dep_ not in('relcl','ROOT') and v.head!=v: v=v.head
            if v.dep_=='relcl':
                h=v.head
                if h.i in at: at[i]=tuple(Reference(x.local,i,i+1,'reference','pronoun') for x in at[h.i])
            continue
        if low in HE: res=pick(t,lambda l,k:k is Kind.PERSON and l not in fem,3)
        elif low in SHE: res=pick(t,lambda l,k:k is Kind.PERSON,3)
        elif low in IT: res=pick(t,lambda l,k:k in(Kind.STATE,Kind.GROUP,Kind.ORGANIZATION) or (k is Kind.WEAPON and t.dep_ in('dobj','nsubjpass')),2)
        elif low in THEY: res=pick(t,lambda l,k:k in(Kind.GROUP,Kind.ORGANIZATION,Kind.STATE,Kind.WEAPON),2)
        elif t.pos_=='NOUN' and t.lemma_.lower() in DESC and any(c.lower_ in('the','this','that','these','those') for c in t.children if c.dep_=='det') :
            lem=t.lemma_.lower(); kinds=DESC[lem]
            if t.tag_=='NNS' and any(c.lower_ in('two','both') for c in t.children) and lem in('country','group','side','nation'):
                locs=[]
                for (j,loc,kind,_) in reversed(seen):
                    if kind in kinds and loc not in locs: locs.append(loc)
                    if len(locs)==2: break
                if len(locs)==2: at[i]=tuple(Reference(l,i,i+1,'reference','description') for l in reversed(locs))
                continue
            if t.tag_=='NNS' and lem not in('mercenary','rebel','system','missile','drone','aircraft'): continue
            if any(c.dep_ in('prep','relcl','acl') and c.lower_ in('of','that') for c in t.children) : continue
            mods=[c for c in t.children if c.dep_ in('amod','compound') and c.i in at]
            ctry=[at[c.i][0].local for c in mods]
            def ok(l,k):
                if k not in kinds: return False
                if ctry:
                    a=actors[l]; e=catalogue.entries.get(a.entry or '')
                    return any(actors[x].entry in (e.country if e else ()) for x in ctry)
                return True
            res=pick(t,ok,6)
        elif low in('side','sides') and any(c.lower_ in('both','two') for c in t.children) or (low=='both' and t.dep_ in('nsubj','dobj','pobj')):
            locs=[]
            for (j,loc,kind,_) in reversed(seen):
                if kind in(Kind.STATE,Kind.GROUP,Kind.ORGANIZATION) and loc not in locs: locs.append(loc)
                if len(locs)==2: break
            if len(locs)==2: at[i]=tuple(Reference(l,i,i+1,'reference','description') for l in reversed(locs))
            continue
        elif t.pos_=='PROPN' and t.i and doc[i-1].lower_ in('mr','mr.','ms','mrs','dr','general') and t.text in surname:
            loc=f"{surname[t.text]} (Person)"
            if loc in actors: at[i]=(Reference(loc,i,i+1,'reference','name'),)
            continue
        if res:
            at[i]=(Reference(res[1],i,i+1,'reference','pronoun' if t.pos_=='PRON' else 'description'),)
            seen.append((i,res[1],res[2],t.dep_ in('nsubj','nsubjpass')))
            if t.dep_=='poss' and t.head.i not in at and t.head.lemma_.lower() in OWNED: at[t.head.i]=(Reference(res[1],i,t.head.i+1,'reference','owner'),)
    from dataclasses import replace
    used={m.local for m in mentions}
    actors={k:replace(v,forms=tuple(dict.fromkeys(forms.get(k,())))) for k,v in actors.items()}
    return Cast(actors,at,tuple(mentions))
