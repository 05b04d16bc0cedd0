"""Questions' names: proposed so that they hold, never proposed twice, never beside one that is there
already."""

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from elearn.content.reading import question_names, reader
from tests.content import folders

ANSWERS = "\n- [ ] Alfa\n  > Nej.\n- [x] Beta\n  > Ja.\n"
LESSON = "gemensamt/grunder.md"


def named(name: str) -> str:
    return f"### Fråga: Vad räcker?\n{name}\n{ANSWERS}"


@given(st.text(max_size=80), st.text(max_size=80))
def test_a_proposed_name_is_always_one_that_is_accepted(key: str, prompt: str) -> None:
    assert re.fullmatch(r"[a-z][a-z0-9-]{2,59}", question_names.propose(key, prompt))


@pytest.mark.parametrize(
    ("key", "prompt", "expected"),
    [
        ("forskola/agera", "Du ser ett märke på Möjas arm. Vad gör du?", "forskola-agera-marke-mojas"),
        ("123/slutprov", "Vad?", "fraga-123-slutprov"),
        ("å", "Å?", "fraga-a"),
        ("a" * 70, "Vad?", "a" * 60),
    ],
)
def test_a_name_is_proposed_from_the_file_and_the_question(key: str, prompt: str, expected: str) -> None:
    assert question_names.propose(key, prompt) == expected


def test_questions_without_a_name_are_never_given_the_same_one(tmp_path: Path) -> None:
    """Not even when the proposal is as long as a name may be."""
    long = "gemensamt/" + "a" * 60 + ".md"
    lesson = "---\ntid: 5 min\nutgåva: 1\n---\n# Långt\n\n" + f"### Fråga: Vad?\n{ANSWERS}\n" * 11
    found = [str(fault) for fault in reader.read(folders.write(tmp_path, **{long: lesson})).faults]
    names = re.findall(r"Frågan saknar namn.*<!-- id: (.*) -->", "\n".join(found))
    assert len(set(names)) == 11
    assert {len(name) for name in names} == {60}


def test_a_name_that_is_taken_tells_where_and_that_the_old_one_stays(tmp_path: Path) -> None:
    told = folders.faults_under(tmp_path, named("<!-- id: prov-ett -->"))
    assert told == [
        (
            2,
            "Namnet ”prov-ett” finns redan: forskola/slutprov.md:10. Ändra namnet på den nya frågan, aldrig på den gamla.",
        )
    ]


@pytest.mark.parametrize("name", ["ab", "1abc", "-abc", "Abc", "a_b", "två", "a" * 61, ""])
def test_a_malformed_name_is_told_at_its_own_line(tmp_path: Path, name: str) -> None:
    told = folders.faults_under(tmp_path, named(f"<!-- id: {name} -->"))
    assert [(line, message[:16]) for line, message in told] == [(2, "Namnet ska vara ")]


@pytest.mark.parametrize("name", ["abc", "a-1", "a" * 60])
def test_a_well_formed_name_is_accepted(tmp_path: Path, name: str) -> None:
    assert folders.faults_under(tmp_path, named(f"<!-- id: {name} -->")) == []


@pytest.mark.parametrize(
    ("question", "place"),
    [
        (named("‹!– id: grunder-ny –›"), 2),
        (named("<!– id: grunder-ny –>"), 2),
        (named("<!-- ID: grunder-ny -->"), 2),
        (named("<!-- id grunder-ny -->"), 2),
        (named("<!-- id: grunder-ny"), 2),
        (named("id: grunder-ny"), 2),
        (named("Läget.\n\n<!-- id: grunder-ny -->"), 4),
        (named("") + "<!-- id: grunder-ny -->\n", 8),
        (f"### Fråga: Vad räcker? <!-- id: grunder-ny -->\n{ANSWERS}", 1),
    ],
)
def test_a_name_in_the_wrong_place_or_form_is_told_and_no_other_is_proposed(
    tmp_path: Path, question: str, place: int
) -> None:
    told = folders.faults_under(tmp_path, question)
    assert [(line, message.partition("(")[0]) for line, message in told] == [
        (place, "Namnet ska stå direkt under en frågas rubrik ")
    ]


@pytest.mark.parametrize("text", ["ID-kort krävs.", "- ID: körkort", "«Id-handling» säger hon.", "Id: pass"])
def test_a_text_about_something_else_is_no_name(tmp_path: Path, text: str) -> None:
    assert [
        line for line, message in folders.faults_under(tmp_path, named(text)) if "saknar namn" not in message
    ] == []
    assert folders.faults_under(tmp_path / "b", f"{text}\n\n" + named("<!-- id: ny-fraga -->")) == []
