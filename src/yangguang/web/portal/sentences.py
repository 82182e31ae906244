"""An entry in one plain sentence."""

import re
from datetime import datetime
from decimal import Decimal
from functools import partial
from typing import Any

from yangguang.web.portal.telling import TOLD
from yangguang.web.portal.telling_units import UNIT_WORDS
from yangguang.web.templatetags.words import moment, moment_exact

MOMENTS, AMOUNTS = {"deadline", "until"}, {"price"}
PLACE = re.compile(r"{(\w+)}")


def sentence(payload: dict[str, Any], *, english: bool = False) -> str:
    """What happened, in Chinese or English; an act that is not in the table goes by its name."""
    if payload["act"] in UNIT_WORDS:
        return UNIT_WORDS[payload["act"]][english]
    told = TOLD.get(payload["act"])
    if told is None:
        return str(payload["act"])
    data = payload["data"]
    say = partial(_said, data, english=english)
    return PLACE.sub(say, told.en if english else told.zh)


def _said(data: dict[str, Any], place: re.Match[str], *, english: bool) -> str:
    value = data.get(place[1])
    if value in (None, ""):
        return "—"
    if place[1] in AMOUNTS:
        return f"{Decimal(value):,.2f}"
    if place[1] not in MOMENTS:
        return str(value)
    at = datetime.fromisoformat(str(value))
    return moment_exact(at)[:16] if english else moment(at)
