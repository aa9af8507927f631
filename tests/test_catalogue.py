"""The catalogue: what goes by which name, what is told apart, and what a wrong row is told."""

from __future__ import annotations

from csv import DictReader
from importlib.resources import files
from pathlib import Path
from time import process_time

import pytest

from kgraph.catalogue import Catalogue, _catalogue, load_catalogue
from kgraph.errors import KnowledgeError
from kgraph.records import Kind

# A name and the one entry that goes by it; names that look alike stand together.
NAMES = {
    "North Korea": "state:north-korea",
    "South Korea": "state:south-korea",
    "DPRK": "state:north-korea",
    "ROK": "state:south-korea",
    "North Koreans": "state:north-korea",
    "South Korean": "state:south-korea",
    "Niger": "state:niger",
    "Nigeria": "state:nigeria",
    "Nigerien": "state:niger",
    "Nigerian": "state:nigeria",
    "Democratic Republic of the Congo": "state:democratic-republic-of-the-congo",
    "DR Congo": "state:democratic-republic-of-the-congo",
    "Republic of the Congo": "state:republic-of-the-congo",
    "Sudan": "state:sudan",
    "South Sudan": "state:south-sudan",
    "South Sudanese": "state:south-sudan",
    "Guinea": "state:guinea",
    "Guinea-Bissau": "state:guinea-bissau",
    "Equatorial Guinea": "state:equatorial-guinea",
    "Papua New Guinea": "state:papua-new-guinea",
    "Georgia": "state:georgia",
    "Dominica": "state:dominica",
    "Dominican Republic": "state:dominican-republic",
    "US": "state:united-states",
    "U.S.": "state:united-states",
    "Britons": "state:united-kingdom",
    "Kremlin": "state:russia",
    "Emiratis": "state:united-arab-emirates",
    "Türkiye": "state:turkey",
    "Cote d'Ivoire": "state:ivory-coast",
    "Côte d’Ivoire": "state:ivory-coast",
    "Kosovo": "state:kosovo",
    "Western Sahara": "state:western-sahara",
    "USSR": "state:soviet-union",
    "Israeli army": "organization:israel-defense-forces",
    "Israel's military": "organization:israel-defense-forces",
    "IDF": "organization:israel-defense-forces",
    "Chinese troops": "organization:peoples-liberation-army",
    "North Korean soldiers": "organization:korean-peoples-army",
    "South Korean military": "organization:south-korean-armed-forces",
    "Sudanese army": "organization:sudanese-armed-forces",
    "South Sudanese army": "organization:south-sudan-peoples-defence-forces",
    "Niger's army": "organization:nigerien-armed-forces",
    "Nigerian army": "organization:nigerian-armed-forces",
    "Pakistan Navy": "organization:pakistani-navy",
    "Pakistani navy": "organization:pakistani-navy",
    "UAE armed forces": "organization:emirati-armed-forces",
    "Filipino troops": "organization:armed-forces-of-the-philippines",
    "Ukraine's army": "organization:armed-forces-of-ukraine",
    "Pentagon": "organization:us-department-of-defense",
    "Russia's Defence Ministry": "organization:russian-ministry-of-defence",
    "Russian Ministry of Defense": "organization:russian-ministry-of-defence",
    "SA-22": "weapon:sa-22",
    "Pantsir-S1": "weapon:sa-22",
    "96K6": "weapon:sa-22",
    "Su-24": "weapon:su-24",
    "Su-24M": "weapon:su-24",
    "Su-27": "weapon:su-27",
    "Su-30SM": "weapon:su-30sm",
    "T-72": "weapon:t-72",
    "T-72B3": "weapon:t-72b3",
    "Leopard 2A6": "weapon:leopard-2a6",
    "Leopard 1A5": "weapon:leopard-1",
    "SS-26": "weapon:iskander",
    "KN-23": "weapon:kn-23",
    "Geran-2": "weapon:shahed-136",
    "Donetsk": "place:donetsk",
    "Ayungin Shoal": "place:second-thomas-shoal",
    "Chasov Yar": "place:chasiv-yar",
    "El-Fasher": "place:el-fasher",
}

# A weapon and what it is a variant of.
FAMILIES = {
    "weapon:t-72b3": "weapon:t-72",
    "weapon:t-90m": "weapon:t-90",
    "weapon:su-30sm": "weapon:su-30",
    "weapon:leopard-2a6": "weapon:leopard-2",
    "weapon:shahed-136": "weapon:shahed",
    "weapon:brp-antonio-luna": "weapon:jose-rizal-class-frigate",
    "weapon:uss-mccampbell": "weapon:arleigh-burke-class-destroyer",
}


# What the README counts: the rows of each file, services by pattern apart.
COUNTED = {
    "states.csv": "states",
    "groups.csv": "armed groups",
    "organizations.csv": "organizations",
    "people.csv": "people",
    "weapons.csv": "weapon systems",
    "places.csv": "places",
}


@pytest.mark.parametrize("name", NAMES)
def test_a_name_means_one_entry(name: str, catalogue: Catalogue) -> None:
    assert [entry.id for entry in catalogue.lookup(name)] == [NAMES[name]]


def test_case_counts(catalogue: Catalogue) -> None:
    assert not catalogue.lookup("us") and not catalogue.lookup("Us") and not catalogue.lookup("turkey")


def test_a_capital_is_a_state_and_a_place(catalogue: Catalogue) -> None:
    assert {entry.id for entry in catalogue.lookup("Damascus")} == {"state:syria", "place:damascus"}


def test_a_service_is_part_of_its_state(catalogue: Catalogue) -> None:
    navy = catalogue.entries["organization:pakistani-navy"]
    assert navy.part_of == navy.country == ("state:pakistan",)


# Who held an office at a date, as far as the catalogue knows.
HOLDERS = {
    ("president", "state:syria", "2013-06-01"): {"person:bashar-al-assad"},
    ("president", "state:syria", "2025-06-01"): {"person:ahmed-al-sharaa"},
    ("president", "state:united-states", "2015-06-01"): {"person:barack-obama"},
    ("president", "state:united-states", "2022-06-01"): {"person:joe-biden"},
    ("president", "state:ukraine", "2016-06-01"): {"person:petro-poroshenko"},
    ("foreign minister", "state:iran", "2016-06-01"): {"person:mohammad-javad-zarif"},
    ("foreign minister", "state:iran", "2025-06-01"): {"person:abbas-araghchi"},
    ("defence minister", "state:turkey", "2016-06-15"): {"person:fikri-isik"},
    ("secretary general", "organization:nato", "2020-01-01"): {"person:jens-stoltenberg"},
}


@pytest.mark.parametrize("office", HOLDERS, ids=" ".join)
def test_an_office_is_held_by_one_at_a_date(office: tuple[str, str, str], catalogue: Catalogue) -> None:
    title, target, date = office
    holders = {
        entry.id
        for entry in catalogue.entries.values()
        for held in entry.offices
        if (held.title, held.target) == (title, target) and held.since <= date <= (held.until or "9")
    }
    assert holders == HOLDERS[office]


# Names that a branch must not take from the whole, nor one of a name from the other.
APART = {
    "Islamic State": "group:islamic-state",
    "ISIS": "group:islamic-state",
    "ISWAP": "group:islamic-state-west-africa-province",
    "ISIS-K": "group:islamic-state-khorasan-province",
    "Assad": "person:bashar-al-assad",
    "Maher al-Assad": "person:maher-al-assad",
    "Hafez al-Assad": "person:hafez-al-assad",
    "Mohammed Sinwar": "person:mohammed-sinwar",
    "Yahya Sinwar": "person:yahya-sinwar",
}


@pytest.mark.parametrize("name", APART)
def test_names_alike_are_told_apart(name: str, catalogue: Catalogue) -> None:
    assert [entry.id for entry in catalogue.lookup(name)] == [APART[name]]


@pytest.mark.parametrize("variant", FAMILIES)
def test_a_variant_has_its_family(variant: str, catalogue: Catalogue) -> None:
    assert catalogue.entries[variant].family == FAMILIES[variant]


def test_a_weapon_is_made_by_one_of_its_countries(catalogue: Catalogue) -> None:
    weapons = [entry for entry in catalogue.entries.values() if entry.kind is Kind.WEAPON and entry.maker]
    elsewhere = [w.id for w in weapons if w.maker.startswith("state:") and w.maker not in w.country]
    assert weapons and not elsewhere


def test_there_is_enough_to_begin_with(catalogue: Catalogue) -> None:
    counts = {kind: sum(entry.kind is kind for entry in catalogue.entries.values()) for kind in Kind}
    assert counts[Kind.STATE] >= 200 and counts[Kind.GROUP] >= 400 and counts[Kind.PERSON] >= 1000
    assert counts[Kind.WEAPON] >= 2500 and counts[Kind.PLACE] >= 4000
    assert counts[Kind.ORGANIZATION] >= 500


def test_the_readme_tells_how_many_there_are() -> None:
    text = " ".join((Path(__file__).parent.parent / "README.md").read_text(encoding="utf-8").split())
    for file, noun in COUNTED.items():
        rows = files("kgraph.catalogue").joinpath(file).read_text(encoding="utf-8")
        assert f"{sum(1 for _ in DictReader(rows.splitlines())):,} {noun}" in text


def test_loading_is_fast() -> None:
    def seconds() -> float:
        _catalogue.cache_clear()  # it is remembered
        start = process_time()
        load_catalogue()
        return process_time() - start

    assert min(seconds() for _ in range(3)) < 1.0


WRONG = {
    "id,name,colour\nstate:x,X,red": "line 1: unknown column 'colour'",
    "id,aliases\nstate:x,X": "line 1: the column 'name' is missing",
    "id,name\nstate:x,X\nstate:x,Y": "line 3: state:x is there already",
    'id,name\ngroup:x,"Oban\ngroup:y,Karibo': "line 3: group:x: name goes on in the next line; close its double quotes",
    "id,name\nplanet:x,X": "line 2: planet:x: an id begins with a kind",
    "id,name\nmars,Mars": "line 2: mars: an id begins with a kind",
    "id,name\nstate:x,": "line 2: state:x: a row needs a name",
    "id,name\nstate:x,Côte, North": "line 2: state:x: more cells than columns",
    "id,name,kind\nstate:x,X,Group": "line 2: state:x: an id that begins with state: is no Group",
    "id,name,kind\nstate:x,X,Robot": "line 2: state:x: 'Robot' is not a valid Kind",
    "id,name,from,to\nstate:x,X,1999,1990": "line 2: state:x: from 1999 is after to 1990",
    "id,name,from\nstate:x,X,lately": "line 2: state:x: 'lately' is no date",
    "id,name,country\ngroup:x,X,state:atlantis": "line 2: group:x names state:atlantis, which no row has",
    "id,name,country\ngroup:x,X,group:hezbollah": "line 2: group:x has the country group:hezbollah, which is no state",
    "id,name,part_of\ngroup:x,X,group:y": "line 2: group:x names group:y",
    "id,name,family\nweapon:x,X,weapon:y": "line 2: weapon:x names weapon:y",
    "id,name,maker\nweapon:x,X,organization:y": "line 2: weapon:x names organization:y",
    "id,name,offices\nperson:x,X,president@state:y": "line 2: person:x names state:y",
    "id,name,aliases\ngroup:x,X,Houthis": "line 2: group:x and group:houthis",
    "id,name\nstate:x,X\nstate:y,X": "line 3: state:y and state:x",
    "id,name\nplace:x,Su-24": "line 2: place:x and weapon:su-24",
    "id,name,aliases\nperson:x,X,Aleppo": "line 2: person:x and place:aleppo",
}


@pytest.mark.parametrize("text", WRONG, ids=list(WRONG.values()))
def test_a_wrong_row_is_named(text: str, tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(KnowledgeError) as error:
        load_catalogue(path)
    assert f"{path}, {WRONG[text]}" in str(error.value)


def test_a_line_ends_where_csv_ends_it(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(
        "\ufeffid,name,aliases\r\ngroup:a,The\u2028Oban Army,Oba\x85ni|Ob\x0cans\r\ngroup:b,Karibo,\r\n".encode()
    )
    own = load_catalogue(path)
    assert own.entries["group:a"].name == "The\u2028Oban Army" and own.entries["group:a"].aliases == (
        "Oba\x85ni",
        "Ob\x0cans",
    )
    assert own.entries["group:b"].name == "Karibo"


def test_a_file_that_is_no_text_is_named(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_bytes(b"id,name\nstate:x,\xff")
    with pytest.raises(KnowledgeError, match=r"own\.csv: cannot be read"):
        load_catalogue(path)


def test_own_rows_are_added_and_replace(tmp_path: Path, catalogue: Catalogue) -> None:
    path = tmp_path / "own.csv"
    rows = "id,name,aliases,country\ngroup:ours,Our Group,OG,state:syria\ngroup:houthis,Houthis,Ansarullah movement,"
    path.write_text(rows, encoding="utf-8")
    own = load_catalogue(path)
    assert [entry.id for entry in own.lookup("OG")] == ["group:ours"]
    assert own.entries["group:ours"].kind is Kind.GROUP
    assert own.entries["group:houthis"].aliases == ("Ansarullah movement",)
    assert own.digest != catalogue.digest == load_catalogue().digest


def test_one_name_at_different_times_is_allowed(tmp_path: Path) -> None:
    path = tmp_path / "own.csv"
    path.write_text("id,name,from,to\nstate:old-x,Xland,1950,1991\nstate:new-x,Xland,1991,\n", encoding="utf-8")
    assert len(load_catalogue(path).lookup("Xland")) == 2
