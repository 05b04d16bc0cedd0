"""The columns of organisation.csv and personal.csv (measure.md, "Files")."""

from elearn.people.models import LEVEL_WORDS

UNIT_COLUMNS = ("enhetskod", "namn", "nivå", "överordnad", "nämnd", "yrkesroll", "chef")
JOB_COLUMNS = (
    "anställningsnr",
    "förnamn",
    "efternamn",
    "e-post",
    "enhetskod",
    "yrkesroll",
    "befattning",
    "från",
    "till",
)
OPTIONAL_JOB_COLUMNS = ("aid", "anställningsform", "huvudanställning", "skyddad")
DAYS = ("från", "till")
# What must come from somewhere when a mapping is used: every row needs a value.
NEEDED_OF_UNITS = ("enhetskod", "namn", "nivå")
NEEDED_OF_JOBS = ("anställningsnr", "enhetskod", "från")
LEVELS = {word: kind for kind, word in LEVEL_WORDS.items()}
