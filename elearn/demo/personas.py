"""Whom one can be in the demonstration, as the login page lists them."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Persona:
    name: str
    number: str
    password: str
    what: str  # Swedish: "Barnskötare, Förskolan Tallkotten"
