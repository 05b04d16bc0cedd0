"""Swedish sort order is ours, the same on both engines."""

from elearn import swedish


def test_swedish_order_puts_the_three_letters_after_z_and_before_foreign_ones() -> None:
    names = ["Élan", "Öst", "Ask", "Åberg", "zz", "Zorn", "ärlig", "ask", "Åäng", "Åzon"]
    assert sorted(names, key=swedish.sort_key) == [
        "Ask",
        "ask",
        "Zorn",
        "zz",
        "Åberg",
        "Åzon",
        "Åäng",
        "ärlig",
        "Öst",
        "Élan",
    ]
