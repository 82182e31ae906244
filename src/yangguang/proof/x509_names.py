"""Names in certificates: as people read them, as RFC 5280 compares them, and the organisation's code within."""

from typing import Any, TypeAlias
from unicodedata import normalize

NameKey: TypeAlias = tuple[frozenset[tuple[str, str]], ...]

_SHORT_NAMES = {
    "common_name": "CN",
    "organization_name": "O",
    "organizational_unit_name": "OU",
    "country_name": "C",
    "state_or_province_name": "ST",
    "locality_name": "L",
    "organization_identifier": "organizationIdentifier",
    "serial_number": "serialNumber",
}
_IDENTIFIER_PREFIXES = ("NTRCN-", "VATCN-")


def name_values(name: Any) -> dict[str, str]:
    """Attribute values by asn1crypto's names of their kinds; of several of one kind, the last."""
    return {one["type"].native: str(one["value"].native) for part in name.chosen for one in part}


def name_key(name: Any) -> NameKey:
    """A name in a form that compares as RFC 5280 §7.1 says: case and spacing do not count.

    asn1crypto's own comparison refuses the rarer characters of Chinese names, which its Unicode 3.2 lacks.
    """
    return tuple(
        frozenset((one["type"].dotted, _prepared(str(one["value"].native))) for one in part) for part in name.chosen
    )


def _prepared(text: str) -> str:
    return " ".join(normalize("NFKC", text).casefold().split())


def name_text(name: Any) -> str:
    """RFC 4514 attributes in the certificate's own order."""
    parts = ("+".join(_attribute_text(one) for one in part) for part in name.chosen)
    return ", ".join(parts)


def _attribute_text(attribute: Any) -> str:
    kind, value = attribute["type"], str(attribute["value"].native)
    for special in '\\,+"<>;':
        value = value.replace(special, f"\\{special}")
    return f"{_SHORT_NAMES.get(kind.native, kind.dotted)}={value}"


def organisation_code(subject: dict[str, str]) -> str:
    """The 统一社会信用代码 within a subject, without the prefix of ETSI EN 319 412-1 §5.1.4; empty if there is none."""
    code = (subject.get("organization_identifier") or subject.get("serial_number", "")).strip().upper()
    for prefix in _IDENTIFIER_PREFIXES:
        code = code.removeprefix(prefix)
    return code
