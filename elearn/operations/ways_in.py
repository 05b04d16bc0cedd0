"""Whether the ways in are whole: what is set of single sign-on and of mail belongs together, and somebody can
come in."""

from elearn.errors import Invalid
from elearn.identity import provider
from elearn.messages import sending
from elearn.settings import PasswordUse, Settings

NOBODY = (
    "ELEARN_PASSWORDS={use} stänger ute alla andra, för det finns inget annat sätt att logga in. Ställ in "
    "ELEARN_OIDC_ISSUER eller ELEARN_SMTP_URL, eller ELEARN_PASSWORDS=all."
)


def faults(settings: Settings) -> list[str]:
    """Every reason why people could not come in as the settings say: Swedish sentences."""
    found = _of_sign_on(settings) + _of_mail(settings)
    if settings.passwords != PasswordUse.ALL and not (settings.has_sign_on or settings.has_mail):
        found.append(NOBODY.format(use=settings.passwords))
    return found


def _of_sign_on(settings: Settings) -> list[str]:
    secret = settings.oidc_client_secret.get_secret_value()
    if not settings.has_sign_on:
        is_meant = settings.oidc_client_id or secret
        return ["ELEARN_OIDC_ISSUER saknas: utan den finns ingen inloggning med konto."] if is_meant else []
    needed = {
        "ELEARN_OIDC_CLIENT_ID": settings.oidc_client_id,
        "ELEARN_OIDC_CLIENT_SECRET": secret,
        "ELEARN_OIDC_CLAIM": settings.oidc_claim,
        "ELEARN_PUBLIC_URL": settings.public_url,
    }
    missing = [
        f"{name} saknas: den behövs när ELEARN_OIDC_ISSUER är satt." for name in needed if not needed[name]
    ]
    fault = provider.address_fault(settings.oidc_issuer)
    return ([fault] if fault else []) + missing


def _of_mail(settings: Settings) -> list[str]:
    url = settings.smtp_url.get_secret_value()
    found = []
    if url and not settings.mail_from:
        found.append("ELEARN_MAIL_FROM saknas: den behövs när ELEARN_SMTP_URL är satt.")
    try:
        if url:
            sending.parse_server(url)
    except Invalid as fault:
        found.append(str(fault))
    return found
