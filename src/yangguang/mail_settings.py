"""Where e-mail goes: `YANGGUANG_SMTP` read into Django's own settings; without it nothing is sent."""

from typing import Any
from urllib.parse import parse_qs, unquote, urlsplit

PORTS = {"smtp": 587, "smtps": 465}
PATIENCE_SECONDS = 10


def mail_settings(*, url: str | None, sender: str | None) -> dict[str, Any]:
    """Django's e-mail settings for a server's address.

    `url` is `smtp://user:password@host:port` (STARTTLS; `?tls=0` inside a house without it) or `smtps://…`; `sender`
    is the address that messages come from. Raises `ValueError` for any other scheme, or without host or sender.
    """
    if not url:
        return {"EMAIL_BACKEND": "django.core.mail.backends.dummy.EmailBackend"}
    parts = urlsplit(url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise ValueError("YANGGUANG_SMTP 应为 smtp://用户:密码@主机:端口 或 smtps://…")
    if not sender:
        raise ValueError("设置了 YANGGUANG_SMTP，还应以 YANGGUANG_MAIL_FROM 写明发件地址")
    plain = parse_qs(parts.query).get("tls") == ["0"]
    return {
        "EMAIL_BACKEND": "django.core.mail.backends.smtp.EmailBackend",
        "EMAIL_HOST": parts.hostname,
        "EMAIL_PORT": parts.port or PORTS[parts.scheme],
        "EMAIL_HOST_USER": unquote(parts.username or ""),
        "EMAIL_HOST_PASSWORD": unquote(parts.password or ""),
        "EMAIL_USE_TLS": parts.scheme == "smtp" and not plain,
        "EMAIL_USE_SSL": parts.scheme == "smtps",
        "EMAIL_TIMEOUT": PATIENCE_SECONDS,
        "DEFAULT_FROM_EMAIL": sender,
    }
