"""What sentences say of a claim: its status, who says it, and by which words. Sentences of our own."""

from __future__ import annotations

import pytest
from spacy.language import Language

from kgraph.catalogue import Catalogue
from kgraph.errors import KnowledgeError
from kgraph.reading.actors import Cast, Reference
from kgraph.reading.claims import cues
from kgraph.reading.claims.status import read_stance, status_of
from kgraph.reading.documents import Document, read_document
from kgraph.reading.tokens import Token
from kgraph.records import Article, Stance

NOBODY = Cast({}, {}, ())

# A sentence, the word that makes the claim, and the status of that claim.
STATUSES = [
    # told as fact
    ("Germany delivered four launchers to Ukraine.", "delivered", "asserted"),
    ("Four launchers were delivered to Ukraine by Germany.", "delivered", "asserted"),
    ("The delivery of four launchers to Ukraine angered Moscow.", "delivery", "asserted"),
    ("Iran has been arming the militia since 2014.", "arming", "asserted"),
    ("Egypt is an ally of Sudan.", "ally", "asserted"),
    ("The army fired Russian-made rockets.", "made", "asserted"),
    ("Turkey carried out strikes on the militia.", "strikes", "asserted"),
    ("The two sides signed a ceasefire on Friday.", "ceasefire", "asserted"),
    ("The two sides agreed to a ceasefire on Friday.", "ceasefire", "asserted"),
    ("The navy used drones to sink a frigate.", "sink", "asserted"),
    ("The group is known to operate in Syria.", "operate", "asserted"),
    ("French officers helped to train the battalion.", "train", "asserted"),
    ("The rebels managed to capture the town.", "capture", "asserted"),
    ("Pressure from Washington forced the two sides to sign a truce.", "sign", "asserted"),
    ("The brigade succeeded in capturing the airport.", "capturing", "asserted"),
    ("Poland was the first country to send tanks to Kyiv.", "send", "asserted"),
    ("The brigade not only shelled the town but also burned it.", "shelled", "asserted"),
    ("There is no doubt that Iran armed the militia.", "armed", "asserted"),
    ("Israel did not comment on the strikes on Damascus.", "strikes", "asserted"),
    ("Jordan will investigate the attack on the convoy.", "attack", "asserted"),
    ("Hungary did not condemn the attack on the convoy.", "attack", "asserted"),
    ("Kenya condemned the attack on the base.", "condemned", "asserted"),
    ("The militia threatened Bahrain.", "threatened", "asserted"),
    ("Ghana accuses Togo of hiding the rebels.", "accuses", "asserted"),
    ("The minister denied a report that named the ship that carried the missiles.", "carried", "asserted"),
    ("The government plans to study missiles which Iran supplied to the militia.", "supplied", "asserted"),
    ("It is worth noting that Iran armed the militia.", "armed", "asserted"),
    ("Russia continues to supply Syria with wheat and arms.", "supply", "asserted"),
    ("Ankara resumed shelling the border area.", "shelling", "asserted"),
    ("After attacking the base, the gunmen fled.", "attacking", "asserted"),
    ("Talks between the two ministers in Brussels ended without a deal.", "Talks", "asserted"),
    ("The killing angered Ankara, prompting it to impose sanctions on Cyprus.", "impose", "asserted"),
    ("Armed with mortars, the guards stopped a convoy.", "Armed", "asserted"),
    ("Under a pact with Peru, Chile will open its ports.", "pact", "asserted"),
    ("The envoy was named leader of the council.", "leader", "asserted"),
    # agreed, promised, ordered
    ("The envoy will travel to Ankara for talks with the army.", "talks", "planned"),
    ("Serbia has agreed to sell howitzers to Cyprus.", "sell", "planned"),
    ("Serbia consented to supply the guards with rifles.", "supply", "planned"),
    ("Canada pledged to train 500 recruits.", "train", "planned"),
    ("Norway promised to deliver two batteries by May.", "deliver", "planned"),
    ("Norway promised a delivery of two batteries.", "delivery", "planned"),
    ("The cabinet decided to send a battalion to Mali.", "send", "planned"),
    ("The parliament approved the sale of frigates to Egypt.", "sale", "planned"),
    ("The two ministers agreed on the transfer of jets to Peru.", "transfer", "planned"),
    ("Denmark committed to training the crews.", "training", "planned"),
    ("The mercenaries were assigned to deliver the system.", "deliver", "planned"),
    ("The mercenaries were given the task of delivering the system.", "delivering", "planned"),
    ("The general ordered his troops to attack the port.", "attack", "planned"),
    ("The president ordered strikes on the port.", "strikes", "planned"),
    ("Chad agreed to fund and arm the rebels.", "arm", "planned"),
    ("An agreement to supply gas turbines and missiles to Oman was reached.", "supply", "planned"),
    # planned, expected, future
    ("India plans to buy submarines from Spain.", "buy", "planned"),
    ("India has no choice and intends to buy submarines from Spain.", "buy", "planned"),
    ("Brazil is preparing to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil is about to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil is set to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil is to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil is ready to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil is going to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil is expected to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil will deploy marines to Haiti next month.", "deploy", "planned"),
    ("Brazil is due to deploy marines to Haiti.", "deploy", "planned"),
    ("The minister said Brazil would deploy marines to Haiti.", "deploy", "planned"),
    ("Officials said Brazil plans to deploy marines to Haiti.", "deploy", "planned"),
    ("Brazil to deploy marines to Haiti", "deploy", "planned"),
    ("The strikes on the port will take place in June.", "strikes", "planned"),
    ("Plans for the delivery of jets to Peru are well advanced.", "delivery", "planned"),
    ("A planned delivery of jets to Peru drew protests.", "delivery", "planned"),
    ("The proposed sale of jets to Peru drew protests.", "sale", "planned"),
    ("The future alliance with Japan is popular.", "alliance", "planned"),
    ("The officers travelled to Benin to train the guards.", "train", "planned"),
    ("The plan is to seize the harbour.", "seize", "planned"),
    ("The plan to seize the harbour leaked.", "seize", "planned"),
    ("Its offensive to capture the city stalled.", "capture", "planned"),
    ("Sweden hopes to join the alliance.", "join", "planned"),
    ("Sweden offered to mediate between the two.", "mediate", "planned"),
    ("Sweden's offer to mediate between the two was welcome.", "mediate", "planned"),
    ("Cuba is seeking to buy radars from China.", "buy", "planned"),
    ("The rebels tried to seize the airport.", "seize", "planned"),
    ("The rebels' attempt to seize the airport cost many lives.", "seize", "planned"),
    ("The general threatened to bomb the dam.", "bomb", "planned"),
    ("The militia threatened Bahrain with attacks on its ports.", "attacks", "planned"),
    ("The minister urged Qatar to fund the force.", "fund", "planned"),
    ("The minister called on Qatar to fund the force.", "fund", "planned"),
    ("Latvia asked Canada to send helicopters.", "send", "planned"),
    ("Latvia's request for the delivery of helicopters was heard.", "delivery", "planned"),
    # may be
    ("Iran may have sent missiles to the militia.", "sent", "possible"),
    ("Iran might supply missiles to the militia.", "supply", "possible"),
    ("Iran could attack the tankers.", "attack", "possible"),
    ("Iran is considering sending missiles to the militia.", "sending", "possible"),
    ("Iran is weighing attacks on the tankers.", "attacks", "possible"),
    ("Iran is believed to have sent missiles to the militia.", "sent", "possible"),
    ("Iran is thought to hold the two journalists.", "hold", "possible"),
    ("Iran is suspected of sending missiles to the militia.", "sending", "possible"),
    ("Analysts suspect that Iran sent missiles to the militia.", "sent", "possible"),
    ("Diplomats believe Iran sent missiles to the militia.", "sent", "possible"),
    ("Iran allegedly sent missiles to the militia.", "sent", "possible"),
    ("Iran apparently sent missiles to the militia.", "sent", "possible"),
    ("Iran seems to have sent missiles to the militia.", "sent", "possible"),
    ("Iran appears to be arming the militia.", "arming", "possible"),
    ("There are indications that Iran sent missiles to the militia.", "sent", "possible"),
    ("There is growing evidence of cooperation between the two groups.", "cooperation", "possible"),
    ("It is unclear whether Iran sent the missiles.", "sent", "possible"),
    ("Prosecutors are investigating whether Iran sent the missiles.", "sent", "possible"),
    ("The alleged delivery of missiles to the militia worries Israel.", "delivery", "possible"),
    ("A possible attack on the embassy was discussed.", "attack", "possible"),
    ("The possibility of an attack on the embassy remains.", "attack", "possible"),
    ("The possibility of the militia acquiring missiles alarmed Israel.", "acquiring", "possible"),
    ("If Iran sends missiles, Israel will be angry.", "sends", "possible"),
    ("If attacked, Iran would bomb the refineries.", "bomb", "possible"),
    ("Officials could not rule out that Iran had sent the missiles.", "sent", "possible"),
    ("Iran has neither confirmed nor denied that it sent the missiles.", "sent", "possible"),
    ("Did Iran send the missiles?", "send", "possible"),
    ("Will Iran send the missiles?", "send", "possible"),
    ("Diplomats ask whether Iran would send missiles.", "send", "possible"),
    ("Guards to be trained by Togo, officials say", "trained", "planned"),
    ("The United States would have bombed the dam.", "bombed", "possible"),
    ("Rumours that Iran sent missiles to the militia spread.", "sent", "possible"),
    ("Iran is capable of attacking the tankers.", "attacking", "possible"),
    ("Iran is likely to attack the tankers.", "attack", "possible"),
    # a speaker says so
    ("Officials said Iran had sent missiles to the militia.", "sent", "reported"),
    ("Iran sent missiles to the militia, officials said on Monday.", "sent", "reported"),
    ("Iran, officials say, has sent missiles to the militia.", "sent", "reported"),
    ("According to the ministry, Iran sent missiles to the militia.", "sent", "reported"),
    ("Iran sent missiles to the militia, according to two diplomats.", "sent", "reported"),
    ("Iran reportedly sent missiles to the militia.", "sent", "reported"),
    ("Iran was reported to have sent missiles to the militia.", "sent", "reported"),
    ("Iran is said to have sent missiles to the militia.", "sent", "reported"),
    ("Ukraine claimed that its gunners had downed the jet.", "downed", "reported"),
    ("The group claims to have downed the jet.", "downed", "reported"),
    ("The minister admitted that Serbia had sold the shells.", "sold", "reported"),
    ("The minister confirmed that Serbia had sold the shells.", "sold", "reported"),
    ("The minister told reporters that Serbia had sold the shells.", "sold", "reported"),
    ("The minister admitted selling the shells.", "selling", "reported"),
    ("Ghana accused Togo of arming the rebels.", "arming", "reported"),
    ("Ghana blamed Togo for the attack on the depot.", "attack", "reported"),
    ("Togo was accused of arming the rebels.", "arming", "reported"),
    ("Ghana describes the group as a branch of the cartel.", "branch", "reported"),
    ("“They armed the rebels,” the envoy said.", "armed", "reported"),
    ('"They armed the rebels," the envoy said.', "armed", "reported"),
    ('The envoy said: "They armed the rebels."', "armed", "reported"),
    ("“It is a hard time. They armed the rebels,” the envoy said.", "armed", "reported"),
    ("“It is hard,” the envoy said. “They armed the rebels last year.”", "armed", "reported"),
    ("Officials said the force had crossed the river and shelled the town.", "shelled", "reported"),
    ("A report that Togo had armed the rebels appeared on Sunday.", "armed", "reported"),
    ("Togo armed the rebels: officials", "armed", "reported"),
    ("By Ghana's account, Togo armed the rebels.", "armed", "reported"),
    ("The army said on Monday it had struck the depot.", "struck", "reported"),
    ("The army reported strikes on the depot.", "strikes", "reported"),
    # denied
    ("Togo denied that it had armed the rebels.", "armed", "denied"),
    ("Togo denied arming the rebels.", "arming", "denied"),
    ("Togo denies having armed the rebels.", "armed", "denied"),
    ("Togo has rejected claims that it armed the rebels.", "armed", "denied"),
    ("Togo denied any delivery of arms to the rebels.", "delivery", "denied"),
    ("Togo dismissed reports of a delivery of arms to the rebels.", "delivery", "denied"),
    ("“We have not armed the rebels,” the envoy said.", "armed", "denied"),
    ("The envoy said Togo had not armed the rebels.", "armed", "denied"),
    ("The envoy said that Togo has never armed the rebels.", "armed", "denied"),
    ("The army said that no troops had been sent to the border.", "sent", "denied"),
    ("Togo denied that it plans to arm the rebels.", "arm", "denied"),
    ("The accord was never signed, the envoy said.", "signed", "denied"),
    # negated
    ("Togo did not arm the rebels.", "arm", "negated"),
    ("Togo never armed the rebels.", "armed", "negated"),
    ("Togo has yet to deliver the trucks to Benin.", "deliver", "negated"),
    ("Togo failed to deliver the trucks to Benin.", "deliver", "negated"),
    ("Togo refused to deliver the trucks to Benin.", "deliver", "negated"),
    ("No troops were sent to the border.", "sent", "negated"),
    ("Togo sent no troops to the border.", "sent", "negated"),
    ("Togo is not an ally of Benin.", "ally", "negated"),
    ("Togo did not attack the town or arm the rebels.", "arm", "negated"),
    ("The convoy left without attacking the town.", "attacking", "negated"),
    ("Togo cannot attack the town.", "attack", "negated"),
    ("Togo does not plan to attack the town.", "attack", "negated"),
    ("Togo has no plans to attack the town.", "attack", "negated"),
    ("Togo does not seem to have attacked the town.", "attacked", "negated"),
    ("There is no evidence that Togo armed the rebels.", "armed", "negated"),
    ("Inspectors found no proof that Togo armed the rebels.", "armed", "negated"),
    ("Inspectors have not seen any sign that Togo armed the rebels.", "armed", "negated"),
    ("The ministry could not confirm that Togo had armed the rebels.", "armed", "negated"),
    ("Neither Togo nor Benin armed the rebels.", "armed", "negated"),
    ("The truce prevented the rebels from attacking the town.", "attacking", "negated"),
    ("The government blocked the sale of jets to Peru.", "sale", "negated"),
    ("Claims that Togo armed the rebels are false.", "armed", "negated"),
    ("Togo avoided attacking the town.", "attacking", "negated"),
    ("The failed delivery of jets to Peru cost millions.", "delivery", "negated"),
    # over
    ("Togo no longer supports the rebels.", "supports", "ended"),
    ("Togo used to fund the rebels.", "fund", "ended"),
    ("Togo stopped funding the rebels.", "funding", "ended"),
    ("Togo has ended its support for the rebels.", "support", "ended"),
    ("Togo has halted the delivery of trucks to Benin.", "delivery", "ended"),
    ("An end to the strikes on the town was welcome.", "strikes", "ended"),
    ("Deliveries of trucks to Benin have stopped.", "Deliveries", "ended"),
    ("Benin's former leader Thomas Boni spoke.", "leader", "ended"),
    ("Former president Thomas Boni spoke.", "president", "ended"),
    ("The ex-commander of the guard spoke.", "commander", "ended"),
    ("The then president of Benin signed it.", "president", "ended"),
    ("Togo formerly supported the rebels.", "supported", "ended"),
    ("He was the head of the guard until 2019.", "head", "ended"),
    ("Togo suspended its cooperation with Benin.", "cooperation", "ended"),
    ("The war between Togo and Benin ended in May.", "war", "ended"),
    ("Togo lifted its embargo on Benin.", "embargo", "ended"),
    ("Togo, once an ally of Benin, stayed out.", "ally", "ended"),
    ("Togo armed the rebels for years but stopped doing so in May.", "armed", "ended"),
    ("Officials said Togo had stopped funding the rebels.", "funding", "ended"),
    # where a cue must not reach
    ("Togo denied it but sent tanks to Benin.", "sent", "asserted"),
    ("Togo did not explain itself but armed the rebels.", "armed", "asserted"),
    ("Togo plans to build a port and last year armed the rebels.", "armed", "asserted"),
    ("The minister said he was tired, and Togo attacked the town.", "tired", "reported"),
    ("Togo, which plans to leave, armed the rebels.", "armed", "asserted"),
    ("The rebels, which Togo armed in May, may attack the town.", "armed", "asserted"),
    ("Benin blames Togo for it; officials say the rebels wait.", "blames", "asserted"),
    ("The army will fire the rockets that Togo supplied.", "supplied", "asserted"),
    ("Togo armed the rebels because it could not stop them.", "armed", "asserted"),
    ("Iranian-backed fighters may leave the town.", "backed", "asserted"),
]


@pytest.mark.parametrize("sentence, word, status", STATUSES, ids=[f"{s} [{w}]" for s, w, _ in STATUSES])
def test_status(sentence: str, word: str, status: str, nlp: Language) -> None:
    document, trigger = parsed(sentence, word, nlp)
    stance = read_stance(document, NOBODY, trigger)
    assert status_of(stance) == status, stance


# Denser sentences, names read as the catalogue knows them; several statuses where a careful reader could say either.
NEWS = [
    (
        "Pyongyang has long been suspected of shipping artillery shells to Russia, a charge it rejects.",
        "shipping",
        "possible/denied",
    ),
    (
        "Berlin signalled on Tuesday that it was open to delivering Taurus missiles to Kyiv.",
        "delivering",
        "possible/planned",
    ),
    ("The Pentagon said it had no indication that China had provided weapons to Moscow.", "provided", "negated/denied"),
    ("US officials warned that Beijing was considering providing lethal aid to Russia.", "providing", "possible"),
    ("Washington has repeatedly ruled out sending troops to Ukraine.", "sending", "negated/denied"),
    ("The White House has not ruled out sending more Patriots to Kyiv.", "sending", "possible"),
    ("Israel neither confirmed nor denied carrying out the strike on Isfahan.", "strike", "asserted/possible/reported"),
    ("Hezbollah vowed to retaliate for the killing of its commander by Israel.", "killing", "asserted"),
    ("Tehran said on Sunday that it would respond to any attack on its soil.", "attack", "possible/planned/asserted"),
    ("Moscow has suspended deliveries of S-400 systems to Turkey pending payment.", "deliveries", "ended"),
    (
        "The Houthis said they would stop attacking Israeli ships if the truce in Gaza held.",
        "attacking",
        "asserted/reported/planned/possible/ended",
    ),
    (
        "A senior Hamas official, speaking on condition of anonymity, said Iran had provided the group with $70 million.",
        "provided",
        "reported",
    ),
    (
        "Wagner fighters are believed to be training troops in Burkina Faso, three diplomats said.",
        "training",
        "possible",
    ),
    ("It was not immediately clear who supplied the rockets.", "supplied", "possible/asserted"),
    ("Qatar, which hosts the political office of Hamas, has brokered several truces.", "hosts", "asserted"),
    ("The two countries had planned to sign the accord in June, but talks collapsed.", "sign", "planned"),
    ("Under the deal, the United States will supply Australia with nuclear-powered submarines.", "supply", "planned"),
    ("The draft agreement would allow Russian warships to dock in Port Sudan.", "dock", "planned/possible"),
    ("The army claimed to have killed 40 militants in an air strike.", "killed", "reported"),
    ('"We have been bombing them for weeks and we will go on," said the general.', "bombing", "reported"),
    ("Reports that Russia sent troops to Mali are untrue, the Kremlin said.", "sent", "denied/negated"),
    ("Belgrade insists it has never sold weapons to Kyiv.", "sold", "denied"),
    ("Kyiv is pressing Berlin for the delivery of cruise missiles.", "delivery", "planned/possible"),
    ("The Saudis were close to signing a defence pact with Washington.", "signing", "possible/planned"),
    ("Armenia froze its membership in the CSTO last year.", "membership", "ended"),
    ("Niger's junta ordered French troops to leave the country.", "leave", "planned"),
    ("France completed the withdrawal of its troops from Mali in 2022.", "withdrawal", "asserted"),
    (
        "The commander, who was killed in a drone strike claimed by Israel, led the Radwan Force.",
        "strike",
        "reported/asserted",
    ),
    ("Sweden became a member of NATO in March.", "member", "asserted"),
    ("Ukraine wants to become a member of NATO.", "member", "planned"),
    ("Ukraine is not yet a member of NATO.", "member", "negated"),
    ("Georgia was once an ally of the West.", "ally", "ended/asserted"),
    ("Azerbaijan accused Armenia of shelling its positions, which Yerevan denied.", "shelling", "reported/denied"),
    ("Rwanda has always denied backing M23 rebels.", "backing", "denied"),
    ("UN experts say Rwanda is backing M23 rebels.", "backing", "reported"),
    ("Rwanda, accused by the UN of backing M23 rebels, withdrew its envoy.", "backing", "reported"),
    ("Kagame said there was no Rwandan support for M23.", "support", "denied/negated"),
    ("The president has authorised the CIA to conduct covert operations in Venezuela.", "operations", "planned"),
    ("A court ordered the arrest of the former minister.", "arrest", "planned"),
    ("Lawmakers voted to approve the sale of F-35 jets to Poland.", "sale", "planned"),
    ("Congress blocked the sale of F-35 jets to Turkey.", "sale", "negated"),
    ("Talks on the sale of Rafale jets to Serbia have begun.", "sale", "planned/possible"),
    ("The possibility that Tehran might transfer ballistic missiles to Moscow worries Europe.", "transfer", "possible"),
    ("Had Russia attacked Kyiv from the north, the city would have fallen.", "attacked", "possible"),
    ("Russia could have used Iskander missiles in the attack.", "used", "possible"),
    ("Turkey threatened to veto Finland's accession.", "accession", "planned/asserted/possible/negated"),
    ("The militia has so far refrained from attacking US bases.", "attacking", "negated"),
    ("ISIS claimed responsibility for the attack on the mosque.", "attack", "asserted/reported"),
    ("No group has claimed responsibility for the attack on the mosque.", "attack", "asserted"),
    ("Seoul has yet to decide whether to send weapons to Ukraine.", "send", "possible"),
    ("North Korea appears to have halted construction of the missile base.", "construction", "ended/possible"),
    ("China urged the United States to stop selling arms to Taiwan.", "selling", "asserted"),
    ("China demanded an end to US arms sales to Taiwan.", "sales", "asserted"),
    ("Biden promised Zelensky that the US would keep supplying Ukraine.", "supplying", "planned"),
    ('"Did we supply them? No, we did not supply them," he told the BBC.', "supply", "possible/denied"),
    ("Asked if Iran had supplied the drones, the minister declined to comment.", "supplied", "possible"),
    ("The drones, Kyiv says, were made in Iran.", "made", "reported"),
    ("The UN panel found no evidence that Iran had directed the attack.", "directed", "negated"),
    ("The UN panel found that Iran had directed the attack.", "directed", "reported"),
    ("Intelligence suggests that Iran directed the attack.", "directed", "possible/reported"),
    ("The US assesses that Russia is preparing to invade Moldova.", "invade", "planned"),
    ("Russia denied preparing to invade Moldova.", "invade", "denied"),
    ("Poland has been training Ukrainian soldiers since 2022 and will train more next year.", "training", "asserted"),
    ("Poland has been training Ukrainian soldiers since 2022 and will train more next year.", "train", "planned"),
    ("The navy tried but failed to intercept the ship.", "intercept", "negated/planned"),
    ("Egypt had hoped to buy Su-35 fighters from Russia but cancelled the order.", "buy", "planned"),
    ("Egypt cancelled its order of Su-35 fighters.", "order", "negated/ended"),
    ("The sanctions, imposed by Washington in 2019, were lifted on Friday.", "sanctions", "ended/asserted"),
    ("Belarus has been hosting Wagner fighters since their mutiny.", "hosting", "asserted"),
    ("Belarus no longer hosts Wagner fighters.", "hosts", "ended"),
    ("Libya's former prime minister met Haftar in Benghazi.", "met", "asserted"),
    ("Blinken is to meet Wang in Munich on Saturday.", "meet", "planned"),
    ("Blinken met Wang in Munich and will travel to Kyiv.", "met", "asserted"),
    ("The meeting between Blinken and Wang was cancelled.", "meeting", "negated"),
    ("A planned meeting between Blinken and Wang was postponed.", "meeting", "planned"),
    ("The meeting between Blinken and Wang did not take place.", "meeting", "negated"),
    ('"There was no deal with the Taliban," he insisted.', "deal", "denied/negated"),
    ("He said there was a deal with the Taliban.", "deal", "reported"),
    ("Pakistan agreed to hand over the pilot.", "hand", "planned"),
    ("Pakistan agreed and handed over the pilot.", "handed", "asserted"),
    ("Saudi Arabia has not joined BRICS despite being invited.", "joined", "negated"),
    ("Contrary to media reports, Jordan did not shoot down the missiles.", "shoot", "negated"),
    ("Jordan allegedly allowed Israel to use its airspace.", "use", "possible"),
    ("Iraqi militias, including Kataib Hezbollah, have attacked US troops dozens of times.", "attacked", "asserted"),
    ("Two Western officials told Reuters that the jets may have already been delivered.", "delivered", "possible"),
    ("Israel struck what it said was a Hezbollah depot.", "struck", "asserted"),
    ("The rebels seized what they described as the last army base in the region.", "seized", "asserted"),
    ("Hamas has been designated a terrorist organisation by the EU.", "designated", "asserted"),
    ("Britain is expected to follow suit and proscribe the IRGC.", "proscribe", "planned"),
    ("Calls for Britain to proscribe the IRGC grew.", "proscribe", "planned/possible"),
    ("Sudan's army said it had received no weapons from Iran.", "received", "denied/negated"),
    ("Ethiopia reportedly bought TB2 drones from Turkey.", "bought", "reported"),
    ("Ethiopia is rumoured to have bought TB2 drones from Turkey.", "bought", "possible"),
    ("There were fears that Russia would deploy nuclear weapons in Belarus.", "deploy", "possible/planned"),
    ("The exercise, to be held in the Black Sea in July, will involve NATO ships.", "exercise", "planned/asserted"),
    ("Minsk and Moscow hold joint exercises every two years.", "exercises", "asserted"),
    ("Maduro, long backed by Moscow, fled.", "backed", "asserted"),
    ("US sanctions Chinese firm for aiding Houthis", "sanctions", "asserted"),
    ("US to sanction Chinese firm for aiding Houthis", "sanction", "planned"),
    ("Israel kills Hezbollah commander in Beirut strike, officials say", "kills", "reported"),
    ("Russia may send more troops to Mali: sources", "send", "possible"),
    ("Report: Iran supplied drones to Sudan's army", "supplied", "reported"),
    ("Iran denies supplying drones to Russia", "supplying", "denied"),
    ("No plans to send troops to Ukraine, says Scholz", "send", "negated/denied/planned"),
    ("Putin vows to defend Belarus", "defend", "planned"),
    ("Turkey, Azerbaijan hold joint drills", "drills", "asserted"),
    ("Taliban, US sign peace deal", "deal", "asserted"),
    ("Poland considers hosting US nuclear weapons", "hosting", "possible"),
    ("Sudan's RSF accused of ethnic killings in Darfur", "accused", "asserted/reported"),
    ("‘We destroyed their last stronghold,’ said Colonel Amin.", "destroyed", "reported"),
    ("‘They’ve been sending us rockets since May,’ he said, ‘and we thank them.’", "sending", "reported"),
    ("The militia’s spokesman said it “will continue to attack Israeli ships”.", "attack", "reported/planned"),
    (
        "In a statement, the IDF said it had struck “terrorist infrastructure belonging to Hezbollah”.",
        "struck",
        "reported",
    ),
    ("Mr Fidan said that Ankara and Damascus had agreed to set up a joint command.", "set", "planned"),
    (
        "The chancellor, who has so far refused to supply Taurus missiles, is under pressure.",
        "supply",
        "negated/denied",
    ),
    ("He is wanted by the ICC for alleged crimes in Darfur.", "wanted", "asserted"),
    ("The spy agency believes the general was behind the attack on the embassy.", "attack", "asserted/possible"),
    ("The general is suspected of having ordered the attack on the embassy.", "attack", "possible/planned/asserted"),
    ("Eritrean troops who had fought alongside the Ethiopian army have left Tigray.", "fought", "asserted"),
    (
        "After months of denials, Addis Ababa admitted that Eritrean troops were fighting in Tigray.",
        "fighting",
        "reported",
    ),
    ("The drones were shipped via the Caspian Sea, a Western diplomat told AFP.", "shipped", "reported"),
    (
        "The shipment, if confirmed, would be the first delivery of missiles to Hezbollah from Iraq.",
        "delivery",
        "possible/planned",
    ),
    ("Were Iran to attack, Israel would respond.", "attack", "possible/planned"),
    ("Unless Russia withdraws, Japan will impose further sanctions on it.", "sanctions", "planned/possible"),
    ("China has promised not to arm Russia.", "arm", "negated/planned"),
    ("China said it would not sell weapons to either side.", "sell", "denied/negated"),
    (
        "The president warned that any country supplying Russia with weapons would face sanctions.",
        "supplying",
        "possible",
    ),
    ("Ghana would neither send troops to Niger nor host a base.", "send", "negated"),
    ("Jordan says it did not let Israel use its airspace.", "use", "denied/negated"),
    ("The ministry would not say whether Israel had used the base.", "used", "possible"),
    ("It remains unclear how Hamas obtained the rifles.", "obtained", "asserted/possible"),
    ("Analysts doubt that Iran controls the Houthis.", "controls", "possible/negated"),
    ("It is doubtful that Iran controls the Houthis.", "controls", "possible/negated"),
    ("Iran does not fully control the Houthis.", "control", "negated"),
    ("Iran hardly controls the militia.", "controls", "negated/asserted"),
    ("The alliance with Moscow is over.", "alliance", "ended"),
    ("The alliance with Moscow has collapsed.", "alliance", "ended"),
    ("The pact between the two countries expired in 2021.", "pact", "ended"),
    ("Moscow pulled out of the treaty with Washington.", "treaty", "ended/asserted"),
    ("The group was expelled from Jordan, where it had been based since 1967.", "based", "asserted/ended"),
    ("They used to be allies.", "allies", "ended"),
    ("They have been allies since 1950.", "allies", "asserted"),
    ("They became allies in 1950.", "allies", "asserted"),
    ("They might become allies.", "allies", "possible"),
    ("They are hardly allies.", "allies", "negated/asserted"),
    ("The two are said to be allies.", "allies", "reported"),
    ("The US regards the group as a proxy of Iran.", "proxy", "reported"),
    ("The group, widely seen as a proxy of Iran, denies this.", "proxy", "reported"),
    ("The group insists that it is no proxy of Iran.", "proxy", "denied"),
    ("Israel says the charity is a front for Hamas.", "front", "reported"),
    ("The suspected leader of the cell, Omar Hadi, was arrested.", "leader", "possible"),
    ("The alleged cartel boss was extradited.", "boss", "possible"),
    ("Ex-president Evo Morales returned.", "president", "ended"),
    ("The late Hezbollah leader Hassan Nasrallah was buried.", "leader", "ended"),
    ("The country's president-elect met Xi.", "met", "asserted"),
    ("Nasrallah's predecessor, Abbas al-Musawi, was killed by Israel in 1992.", "killed", "asserted"),
    ("The base, abandoned by Russia in 2024, lies near Palmyra.", "base", "asserted"),
    ("Kyiv hopes that Germany will deliver more tanks.", "deliver", "planned"),
    ("Kyiv hoped Germany would deliver more tanks.", "deliver", "planned"),
    ("Germany has been asked to deliver more tanks.", "deliver", "planned"),
    ("Germany has been urged by allies to deliver more tanks to Kyiv.", "deliver", "planned"),
    ("Germany is under pressure to deliver more tanks.", "deliver", "planned/possible"),
    ("Germany finally gave in and delivered the tanks.", "delivered", "asserted"),
    ("Germany has started delivering the tanks.", "delivering", "asserted"),
    ("Germany began deliveries of tanks in March.", "deliveries", "asserted"),
    ("Germany is in talks to sell tanks to India.", "sell", "planned/possible"),
    ("India signed a contract to buy tanks from Germany.", "buy", "planned"),
    ("India has a contract for the delivery of tanks from Germany.", "delivery", "planned"),
    ("India cancelled a plan to buy tanks from Germany.", "buy", "negated/planned"),
    ("India rejected an offer to buy tanks from Germany.", "buy", "denied/negated"),
    ("India accepted an offer to buy tanks from Germany.", "buy", "planned"),
    ("India rules out buying tanks from Germany.", "buying", "negated/denied"),
    ("India reportedly plans to buy tanks from Germany.", "buy", "planned"),
    ("India, which had planned to buy tanks from Germany, bought them from Seoul.", "bought", "asserted"),
    ("By buying tanks from Germany, India angered Moscow.", "buying", "asserted"),
    ("Instead of buying tanks from Germany, India turned to Seoul.", "buying", "negated"),
    ("India's decision to buy tanks from Germany angered Moscow.", "buy", "planned"),
    ("India's failure to deliver the tanks angered Nepal.", "deliver", "negated"),
    ("India's refusal to arm the junta pleased the UN.", "arm", "negated"),
    ("India's alleged role in arming the junta was discussed.", "arming", "possible"),
    ("India's role in arming the junta was discussed.", "arming", "asserted"),
    ("India continues to deny arming the junta.", "arming", "denied"),
    ("India cannot deny that it armed the junta.", "armed", "possible/asserted"),
    ("India stands accused of arming the junta.", "arming", "reported/possible"),
    ("India admits it armed the junta, but says it has since stopped.", "armed", "reported/ended"),
    ('"India armed the junta" is a claim often heard.', "armed", "reported"),
    ("A UN report, seen by Reuters, says India armed the junta.", "armed", "reported"),
    ("Documents show that India armed the junta.", "armed", "reported/asserted"),
    ("Satellite images show Indian tanks near the border.", "tanks", "reported/asserted"),
    ("The attack, for which no one has claimed responsibility, killed nine.", "attack", "asserted"),
    ("An attack on the port was foiled, police said.", "attack", "negated/denied"),
    ("Police foiled an attack on the port.", "attack", "negated"),
    ("Police said they had prevented an attack on the port.", "attack", "denied/negated"),
    ("The rebels will not attack the port as long as talks go on.", "attack", "negated"),
]


@pytest.mark.parametrize("sentence, word, statuses", NEWS, ids=[f"{s} [{w}]" for s, w, _ in NEWS])
def test_news(sentence: str, word: str, statuses: str, nlp: Language, catalogue: Catalogue) -> None:
    document, trigger = parsed(sentence, word, nlp, catalogue)
    stance = read_stance(document, NOBODY, trigger)
    assert status_of(stance) in statuses.split("/"), stance


def parsed(text: str, word: str, nlp: Language, catalogue: Catalogue | None = None) -> tuple[Document, Token]:
    document = read_document(Article("a", "1", "", text), nlp, catalogue)
    return document, next(token for token in document.doc if token.text == word)


# Fields beyond the status, as "field=value" pairs.
FIELDS = [
    ("Togo has agreed to arm the rebels.", "arm", {"stage": "agreed"}),
    ("Togo offered to arm the rebels.", "arm", {"stage": "offered"}),
    ("Togo tried to arm the rebels.", "arm", {"stage": "attempted"}),
    ("Togo threatened to bomb the town.", "bomb", {"stage": "threatened"}),
    ("Togo continues to arm the rebels.", "arm", {"stage": "ongoing"}),
    ("The minister urged Togo to arm the rebels.", "arm", {"stage": "requested", "hypothetical": True}),
    ("Togo should arm the rebels.", "arm", {"stage": "requested", "hypothetical": True}),
    ("If Togo armed the rebels, Benin would protest.", "armed", {"hypothetical": True}),
    ("There is no evidence that Togo armed the rebels.", "armed", {"polarity": "unobserved"}),
    ("Togo did not arm the rebels.", "arm", {"polarity": "negated", "voice": "author"}),
    ("Togo denied that it had not paid the rebels.", "paid", {"polarity": "affirmed", "voice": "attributed"}),
    ("The paper wrongly said that Togo had armed the rebels.", "armed", {"polarity": "negated"}),
    ("Togo did not fail to deliver the trucks.", "deliver", {"polarity": "affirmed"}),
    ("Togo has not stopped arming the rebels.", "arming", {"stage": "ongoing", "polarity": "affirmed"}),
    ("The envoy said: “We armed the rebels last year.”", "armed", {"voice": "quoted"}),
    (
        "The envoy said that Togo might have armed the rebels.",
        "armed",
        {"voice": "attributed", "certainty": "possible"},
    ),
    ("Officials said Togo planned to arm the rebels.", "arm", {"stage": "planned", "voice": "attributed"}),
    ("Togo is likely to resume funding the rebels.", "funding", {"stage": "ongoing", "certainty": "possible"}),
    ("Officials said Togo's president, Ali Kossi, was ill.", "president", {"voice": "author"}),
]


@pytest.mark.parametrize("sentence, word, fields", FIELDS, ids=[f"{s} [{w}]" for s, w, _ in FIELDS])
def test_fields(sentence: str, word: str, fields: dict[str, object], nlp: Language) -> None:
    document, trigger = parsed(sentence, word, nlp)
    stance = read_stance(document, NOBODY, trigger)
    assert {name: getattr(stance, name) for name in fields} == fields, stance


# A text, the claim's word, and who says so, the nearest first.
SPEAKERS = [
    ("Two officials said Togo had armed the rebels.", "armed", ["Two officials"]),
    ("Togo armed the rebels, according to the Benin army.", "armed", ["the Benin army"]),
    ("According to two people, who knew him, Togo armed the rebels.", "armed", ["two people"]),
    ("Benin and Ghana said that Togo had armed the rebels.", "armed", ["Benin", "Ghana"]),
    ("Benin accused Togo of arming the rebels.", "arming", ["Benin"]),
    ("Togo denies arming the rebels.", "arming", ["Togo"]),
    ("Claims by Benin that Togo armed the rebels went round.", "armed", ["Benin"]),
    ("“Togo armed the rebels,” said Ali Kossi, a spokesman for the army.", "armed", ["Ali Kossi"]),
    ("Ali Kossi told reporters: “Togo armed the rebels.”", "armed", ["Ali Kossi"]),
    ("“It was a hard year. Togo armed the rebels,” Kossi said.", "armed", ["Kossi"]),
    ("“It was a hard year,” Kossi said. “Togo armed the rebels.”", "armed", ["Kossi"]),
    ("“It was a hard year,” Kossi said. “Then came the rain.\n\n“Togo armed the rebels.”", "armed", ["Kossi"]),
    ("Kossi said the army had told him that Togo had armed the rebels.", "armed", ["the army", "Kossi"]),
    ("The army said Benin believed that Togo had armed the rebels.", "armed", ["The army"]),
    ("Togo armed the rebels last year, two diplomats and an officer said.", "armed", ["two diplomats", "an officer"]),
    ("By Kossi's account, Togo armed the rebels.", "armed", ["Kossi"]),
    ("A spokesman for the army said Togo had armed the rebels.", "armed", ["A spokesman for the army"]),
    ("The report was leaked by Benin.", "leaked", []),
]


@pytest.mark.parametrize("text, word, speakers", SPEAKERS, ids=[f"{s} [{w}]" for s, w, _ in SPEAKERS])
def test_speakers(text: str, word: str, speakers: list[str], nlp: Language) -> None:
    document, trigger = parsed(text, word, nlp)
    assert [speaker.text for speaker in read_stance(document, NOBODY, trigger).speakers] == speakers


def test_named_speaker_is_an_actor(nlp: Language) -> None:
    document, trigger = parsed("Two officials and Benin said Togo had armed the rebels.", "armed", nlp)
    benin = next(token.i for token in document.doc if token.text == "Benin")
    cast = Cast({}, {benin: (Reference("Benin (State)", benin, benin + 1, "catalogue", "name"),)}, ())
    speakers = read_stance(document, cast, trigger).speakers
    assert [(speaker.text, speaker.local) for speaker in speakers] == [
        ("Two officials", None),
        ("Benin", "Benin (State)"),
    ]


def test_spokesman_speaks_for_an_actor(nlp: Language) -> None:
    document, trigger = parsed("A spokesman for the army said Togo had armed the rebels.", "armed", nlp)
    army = next(token.i for token in document.doc if token.text == "army")
    cast = Cast({}, {army: (Reference("Benin Army (Organization)", army, army + 1, "catalogue", "name"),)}, ())
    assert [speaker.local for speaker in read_stance(document, cast, trigger).speakers] == ["Benin Army (Organization)"]


def test_base_is_what_the_word_itself_says(nlp: Language) -> None:
    document, trigger = parsed("The general said the army had withdrawn from the town.", "withdrawn", nlp)
    assert status_of(read_stance(document, NOBODY, trigger, Stance(stage="stopped"))) == "ended"


def test_cues_are_named_innermost_first(nlp: Language) -> None:
    document, trigger = parsed("Officials said Togo had not agreed to arm the rebels.", "arm", nlp)
    assert read_stance(document, NOBODY, trigger).cues == ("not agree to", "say that")


def test_transcript_says_who_speaks(nlp: Language) -> None:
    text = (
        "MR. KOSSI: Good morning to all of you here.\n\nQUESTION: What about the north of the country?\n\n"
        "GEN. AMADI: We struck the depot on Monday night.\n\nAnd we armed the guards after that."
    )
    for word in ("struck", "armed"):
        document, trigger = parsed(text, word, nlp)
        stance = read_stance(document, NOBODY, trigger)
        assert (stance.voice, len(stance.speakers)) == ("quoted", 1)
        assert "AMADI" in stance.speakers[0].text


@pytest.mark.parametrize(
    "change, complaint",
    [
        (("stage: agreed}", "stage: promised}"), "promised is no effect"),
        (("    mod: fear rumour", "    mod: plan fear rumour"), "both planned and possible"),
        (("  adverb:\n    possible:", "  adverb:\n    maybe:"), "unknown class maybe"),
    ],
)
def test_wrong_cues_are_named(change: tuple[str, str], complaint: str) -> None:
    text = cues.read_cues()
    assert change[0] in text
    with pytest.raises(KnowledgeError, match=complaint):
        cues.load(text.replace(*change, 1))
