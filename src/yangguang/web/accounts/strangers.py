"""Who proved to hold a good certificate of an organisation that nobody knows (未登记单位的持证人).

Such a certificate signs nobody in. It is remembered in the session for a while, so that its holder can ask for the
organisation to be registered instead.
"""

from datetime import datetime, timedelta

from django.http import HttpRequest

from yangguang.proof.certificates import Certificate

KEY, HOLDS = "stranger_certificate", timedelta(minutes=30)


def remember(request: HttpRequest, certificate: Certificate, *, at: datetime) -> None:
    """Keep the certificate that was proven just now."""
    request.session[KEY] = {"pem": certificate.pem.decode(), "until": (at + HOLDS).timestamp()}


def proven(request: HttpRequest, *, at: datetime) -> Certificate | None:
    """The certificate that this session proved within the last half hour."""
    kept = request.session.get(KEY)
    if not kept or at.timestamp() > kept["until"]:
        return None
    return Certificate.from_pem(kept["pem"].encode())
