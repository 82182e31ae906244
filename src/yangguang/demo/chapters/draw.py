"""A draw by commit and reveal (承诺—揭示), the same for the parameter and for the experts."""

import secrets
from datetime import datetime, timedelta

from yangguang.demo.telling import Story
from yangguang.experts import draws as held_draws
from yangguang.experts.models import Draw
from yangguang.proof import draws
from yangguang.trading.acts.draws import PARTIES, commit_to_draw, complete_draw, open_draw, reveal_for_draw


def hold_draw(story: Story, *, kind: str, at: datetime, subject: str) -> Draw:
    """Freeze the pool, take three commitments, reveal them (the centre first) and complete; returns the draw."""
    cast = story.cast
    parties = dict(zip(PARTIES, (cast.staff, cast.tenderer, cast.supervisor), strict=True))
    story.perform(open_draw, who=cast.staff, at=at, what=f"建立抽取池：{subject}")
    draw = held_draws.current_draw(stream=story.trade.stream, kind=kind)
    nonces = {party: secrets.token_bytes(draws.NONCE_BYTES) for party in PARTIES}
    for number, (party, who) in enumerate(parties.items(), start=1):
        commitment = draws.commitment(draw_id=draw.draw_id, party=party, nonce=nonces[party])
        moment = at + timedelta(seconds=20 * number)
        story.perform(commit_to_draw, who=who, at=moment, what="提交随机数承诺", commitment=commitment)
    if kind == held_draws.PARAMETER:
        story.refused(
            reveal_for_draw,
            who=cast.tenderer,
            at=at + timedelta(seconds=70),
            what="抢在中心之前揭示",
            because="draw.centre_first",
            nonce=nonces["tenderer"],
        )
    for number, (party, who) in enumerate(parties.items(), start=4):
        moment = at + timedelta(seconds=20 * number)
        story.perform(reveal_for_draw, who=who, at=moment, what="揭示随机数", nonce=nonces[party])
    story.perform(complete_draw, who=cast.staff, at=at + timedelta(minutes=3), what=f"完成抽取：{subject}")
    return held_draws.current_draw(stream=story.trade.stream, kind=kind)
