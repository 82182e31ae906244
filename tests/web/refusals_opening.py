"""Refusals of the opening and of the draws."""

from datetime import timedelta

from django.core.files.uploadedfile import SimpleUploadedFile

from support.refusing import Play, act, draw, hall
from support.scenes import DEADLINE, beijing
from support.stages import RESCUE, draw_experts
from trading.samples_base import NONCES
from web.act_forms import account, code
from yangguang.demo.cast import released_keys
from yangguang.experts import draws
from yangguang.experts.models import Expert
from yangguang.parties.models import Person
from yangguang.trading.acts.draws import PARTIES
from yangguang.trading.stages import Stage

OVER = beijing("03-23", "09:41")


def opened(scene):
    scene.do("open_draw", "centre")


def committed(scene):
    opened(scene)
    for party in PARTIES:
        scene.do("commit_to_draw", party, commitment=scene.commitment(party, NONCES[party]))


def revealed(*parties):
    def go(scene):
        committed(scene)
        for party in parties:
            scene.do("reveal_for_draw", party, nonce=NONCES[party])

    return go


def drawn(scene):
    scene.draw()


def commits(value):
    return hall("commit_to_draw", lambda _: {"commitment": value})


def reveals(party, nonce=b""):
    return hall("reveal_for_draw", lambda _: {"nonce": (nonce or NONCES[party]).hex()})


def opens(file="bidder", spoil=lambda content: content):
    """Hand in a key file in the hall: of which sealed file, and as what it arrives."""

    def data(scene):
        content = spoil(released_keys(bidder=scene.who("bidder"), file=scene.files[file], at=scene.at))
        return {"release": SimpleUploadedFile("keys.json", content, content_type="application/json")}

    return hall("open_bid", data)


def failed(scene):
    facts = {"bidder": code(scene), "bidders_fault": True, "reason": "私钥遗失"}
    scene.do("record_decryption_failure", "agency", **facts)


def objects(scene):
    scene.do("object_at_opening", "bidder", objection=scene.kept("请说明工期"))


def replies(**given):
    return draw(
        "record_expert_reply", lambda scene: {"position": due(scene), "reply": "accepted", "reason": ""} | given
    )


def due(scene):
    position = draws.next_position(scene.current_draw())
    return "" if position is None else str(position)


def asked(scene):
    scene.do("request_rescue", "bidder", reason="加密锁损坏")


def nobody_left(scene):
    Expert.objects.update(active=False)


def one_missing(scene):
    scene.draw()
    for reply in ("accepted", "accepted", "accepted"):
        scene.do("record_expert_reply", "centre", position=int(due(scene)), reply=reply)


def expert_account(scene):
    """The account of somebody who was drawn."""
    current = scene.current_draw()
    position = draws.accepted_positions(current)[0]
    person = Person.objects.get(mark=current.pool.get(position=position).member_id)
    return account(scene.cast.member(person.mark))


def twice(player):
    """The same form of the hall sent again by the back button."""
    given, path = {"token": "once", "minutes": "10", "reason": "机房断电"}, "opening/do/extend_decryption/"
    assert player.ask(f"/trades/{player.scene.stream}/{path}", given).status_code == 302
    return player.ask(f"/trades/{player.scene.stream}/{path}", given)


AT_LISTED = {"point": Stage.LISTED}
PLAYS = (
    Play(code="opening.too_early", point=Stage.CLOSED, by="agency", when=DEADLINE - timedelta(hours=1),
         how=act("announce_bidders")),
    Play(code="opening.too_early", point=Stage.CLOSED, by="agency", when=DEADLINE - timedelta(hours=1),
         how=hall("announce_bidders")),
    Play(code="stage.wrong", point=Stage.LISTED, by="agency", how=hall("announce_bidders")),
    Play(code="access.denied", point=Stage.LISTED, by="supplier", how=hall("open_draw")),
    Play(code="draw.parameters_missing", by="agency", how=hall("start_decryption"), **AT_LISTED),
    Play(code="draw.none", by="tenderer", how=commits("0" * 64), **AT_LISTED),
    Play(code="draw.no_parameter", by="centre", before=opened, how=hall("open_draw"), **AT_LISTED),
    Play(code="draw.bad_commitment", by="tenderer", before=opened, how=commits("XYZ"), **AT_LISTED),
    Play(code="draw.commitments_missing", by="centre", before=opened, how=reveals("centre"), **AT_LISTED),
    Play(code="draw.committed", by="tenderer", before=committed, how=commits("0" * 64), **AT_LISTED),
    Play(code="draw.centre_first", by="tenderer", before=committed, how=reveals("tenderer"), **AT_LISTED),
    Play(code="draw.reveal_wrong", by="centre", before=committed, how=reveals("centre", b"x" * 32), **AT_LISTED),
    Play(code="draw.revealed", by="centre", before=revealed("centre"), how=reveals("centre"), **AT_LISTED),
    Play(code="draw.reveals_began", by="tenderer", before=revealed("centre"), how=commits("0" * 64), **AT_LISTED),
    Play(code="draw.not_ready", by="centre", before=opened, how=hall("complete_draw"), **AT_LISTED),
    Play(code="draw.reveals_missing", by="centre", before=revealed("centre"), how=hall("complete_draw"), **AT_LISTED),
    Play(code="draw.completed", by="centre", before=drawn, how=act("complete_draw"), **AT_LISTED),
    Play(code="decryption.not_open", by="bidder", how=opens(), **AT_LISTED),
    Play(code="decryption.over", point=Stage.DECRYPTING, by="bidder", when=OVER, how=opens()),
    Play(code="decryption.settled", point=Stage.DECRYPTING, by="bidder", before=failed, how=opens()),
    Play(code="decryption.running", point=Stage.DECRYPTING, by="agency", how=hall("end_decryption")),
    Play(code="decryption.extension", point=Stage.DECRYPTING, by="agency",
         how=act("extend_decryption", lambda _: {"minutes": "0", "reason": "机房断电"})),
    Play(code="bid.release.malformed", point=Stage.DECRYPTING, by="bidder",
         how=opens(spoil=lambda content: content[:-9])),
    Play(code="bid.release.other_bid", point=Stage.DECRYPTING, by="bidder", how=opens(file="bidder guarantee")),
    Play(code="rescue.running", point=RESCUE, by="agency", before=asked,
         how=hall("record_decryption_failure",
                  lambda scene: {"bidder": code(scene), "fault": "bidder", "reason": "私钥遗失"})),
    Play(code="hall.done_once", point=Stage.DECRYPTING, by="agency", how=twice),
    Play(code="objection.unanswered", point=Stage.ANNOUNCED, by="agency", before=objects,
         how=act("sign_opening_record")),
    Play(code="objection.not_open", point=Stage.ANNOUNCED, by="agency", how=act("answer_opening_objection")),
    # the draw of the experts
    Play(code="draw.pool_empty", point=Stage.OPENED, by="centre", before=nobody_left, how=act("open_draw")),
    Play(code="draw.running", point=Stage.OPENED, by="centre", before=opened, how=act("open_draw")),
    Play(code="draw.not_completed", point=Stage.OPENED, by="centre", before=opened, how=act("record_expert_reply")),
    Play(code="draw.no_number", point=Stage.OPENED, by="tenderer", before=opened,
         how=draw("commit_to_draw", lambda _: {"commitment": ""})),
    Play(code="draw.committed", point=Stage.OPENED, by="tenderer", before=committed,
         how=draw("commit_to_draw", lambda _: {"commitment": "0" * 64})),
    Play(code="draw.wrong_position", point=Stage.OPENED, by="centre", before=drawn, how=replies(position="99")),
    Play(code="draw.reason_missing", point=Stage.OPENED, by="centre", before=drawn, how=replies(reply="refused")),
    Play(code="draw.enough", point=Stage.OPENED, by="centre", before=draw_experts, how=act("record_expert_reply")),
    Play(code="committee.not_as_announced", point=Stage.OPENED, by="tenderer", before=one_missing,
         how=act("form_committee", lambda scene: {"representative_1": account(scene.cast.representative)})),
    Play(code="committee.twice", point=Stage.OPENED, by="tenderer", before=draw_experts,
         how=act("form_committee", lambda scene: {"representative_1": expert_account(scene)})),
    Play(code="draw.no_vacancy", point=Stage.DRAWN, by="centre", how=act("open_draw")),
)  # fmt: skip
