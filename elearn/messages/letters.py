"""What the letters say. A subject shows on a locked screen: it names the application and no subject matter
(S30)."""

from elearn.messages.sending import Letter

CODE = """Hej!

Din kod är {code}

Skriv den på sidan där du bad om den. Koden gäller i tio minuter och kan användas en gång.

Ge inte koden till någon annan. Vi ringer eller skriver aldrig och frågar efter den.

Har du inte bett om någon kod? Då behöver du inte göra något. Koden fungerar bara i den
webbläsare som bad om den.

Basutbildningen
{municipality}
"""


def login_code(to: str, code: str, municipality: str) -> Letter:
    """The code that somebody has asked for at the login."""
    spaced = f"{code[:3]} {code[3:]}"
    return Letter(to, "Din kod till Basutbildningen", CODE.format(code=spaced, municipality=municipality))
