"""Refusals from the registration to the deadline: who does what at which page, and what answers."""

import io
import json
import tarfile
from datetime import timedelta

from django.conf import settings
from django.test import override_settings

from support import rescue
from support.act_pages import pdf
from support.keyfiles import pair, take_back
from support.refusing import Play, act, created, json_file, signed_by, upload
from support.scenes import AFTER_DEADLINE, DEADLINE, beijing, notice, short_terms
from support.stages import PUBLISHED
from web.act_forms import FILLED
from yangguang.demo.people import KeyPair
from yangguang.proof.canonical import canonical
from yangguang.trading.stages import Stage
from yangguang.web.bidding.tus import LASTS, MOST_AT_ONCE
from yangguang.web.models import Upload

REVIEW, NOTICE, CHANGE = "record_fair_competition_review", "publish_notice", "change_document"


def registered(scene, **changed):
    """What the form of 进场登记 asks for."""
    cast = scene.cast
    parties = {"tenderer": cast.tenderer.name, "agency": "", "supervisor": cast.supervisor.name, "discipline": ""}
    given = {"title": "示例中学", "category": "A01", "supervision_line": "housing", "state_controlled": "yes"}
    lot = {"lots_count": "1", "lot_0_title": "教学楼", "lot_0_kind": "construction", "lot_0_estimate": "12000000"}
    return given | parties | lot | {"lot_0_limit_price": "10000000", "retender_of": ""} | changed


def registration(code, **changed):
    how = act("register_tender", lambda scene: registered(scene, **changed))
    return Play(code=code, point=Stage.REGISTERED, by="centre", how=how)


def reviewed(_):
    return {"review": pdf(), "passed": "yes"}


def signing(code, who, point=Stage.REGISTERED):
    return Play(code=code, point=point, by="agency", how=act(REVIEW, reviewed, signs=signed_by(who)))


def certified(*, days_from=-365, days_until=365, **changed):
    """A pair that a recognised authority certified for the agency, with other days or another use."""

    def make(scene):
        registry, party = scene.cast.registry, scene.who("agency")
        authority, own = registry.authorities["rsa"], party.signing
        facts = {
            "organisation_name": party.name, "organisation_code": party.code, "common_name": party.name,
            "key": own.key.public, "usage": "sign",
            "not_before": scene.at + timedelta(days=days_from), "not_after": scene.at + timedelta(days=days_until),
        }  # fmt: skip
        return KeyPair(key=own.key, certificate=authority.issue(**facts | changed))

    return make


def revoked(scene):
    """The agency's own certificate, after its authority took it back."""
    own = scene.who("agency").signing
    take_back(scene.cast.registry, own.certificate, at=scene.at)
    return own


def over_other_bytes(player, check):
    """The right certificate, signing something else."""
    signs = player.sign
    player.sign = lambda data: signs(data + b"x")
    return json.dumps(player.signatures(check))


def published(**changed):
    """The form of the notice with some answers changed; `terms` replaces members of the terms."""
    terms = changed.pop("terms", {})

    def data(scene):
        file = terms if isinstance(terms, bytes) else canonical({**short_terms(), **terms})
        return FILLED[NOTICE].good(scene) | {"terms": json_file(file)} | changed

    return data


def publishing(code, **changed):
    return Play(code=code, point=Stage.REVIEWED, by="agency", how=act(NOTICE, published(**changed)))


def changed_document(**changed):
    return lambda scene: FILLED[CHANGE].good(scene) | changed


def with_rescue(scene):
    """The document declares a rescue, and one of the bidders is a trustee."""
    rescue.trustee(scene, "bidder4")
    pem = rescue.trustee(scene, "bidder4").encryption.certificate.pem.decode()
    plan = rescue.rescue(scene)
    listed = [*plan["trustees"][:2], {"name": "示例受托人", "certificate": pem}]
    agreed = scene.terms("agency", NOTICE, content=rescue.rescue_terms(scene, trustees=listed))
    scene.do(NOTICE, "agency", **notice(scene, terms=agreed))


def sealed(by="bidder", **changed):
    return lambda scene: scene.sealed(by, **changed).read_bytes()


def sealed_for(**other):
    """A bid that is sealed for another tender or lot."""

    def make(scene):
        trade = scene.trade
        for name, value in other.items():
            setattr(trade, name, value)
        return scene.sealed("bidder", trade=trade).read_bytes()

    return make


def spoiled(spoil):
    return lambda scene: spoil(scene.sealed("bidder").read_bytes())


def changed_content(content):
    """One bit of the largest member is another."""
    with tarfile.open(fileobj=io.BytesIO(content)) as file:
        place = max(file.getmembers(), key=lambda one: one.size).offset_data + 400
    return content[:place] + bytes([content[place] ^ 1]) + content[place + 1 :]


def bonded(scene):
    return scene.files["bidder guarantee"].read_bytes()


def bid(code, content, purpose="submit_bid", *, point=PUBLISHED, by="bidder", **more):
    return Play(code=code, point=point, by=by, how=upload(content, purpose), **more)


def too_many(player):
    for _ in range(MOST_AT_ONCE):
        created(player, 100)
    return created(player, 100)


def forgotten(player):
    """An upload that is taken up again after it was given up."""
    url = created(player, 100)
    player.scene.at += LASTS + timedelta(seconds=1)
    player.client.force_login(Upload.objects.get().account, backend="yangguang.web.accounts.backends.AccountBackend")
    headers = {"Tus-Resumable": "1.0.0", "Upload-Offset": "0"}
    with player.now():
        return player.client.patch(url, b"x", content_type="application/offset+octet-stream", headers=headers)


def too_large(player):
    return created(player, settings.LARGEST_BID + 1)


def no_room(player):
    with override_settings(LARGEST_BID=1 << 55):
        return created(player, 1 << 55)


WITH_RESCUE = {"point": Stage.REVIEWED, "before": with_rescue, "when": beijing("03-10")}
PLAYS = (
    registration("registration.estimate", lot_0_estimate="0"),
    registration("limit_price.not_positive", lot_0_limit_price="0"),
    Play(
        code="registration.supervisor", point=Stage.REGISTERED, by="centre",
        how=act("register_tender", lambda scene: registered(scene, supervisor=scene.cast.tenderer.name)),
    ),
    Play(code="access.denied", point=Stage.REGISTERED, by="supplier", how=act(REVIEW)),
    Play(code="stage.wrong", point=Stage.REVIEWED, by="agency", how=act(REVIEW)),
    Play(
        code="review.not_passed", point=Stage.REGISTERED, by="agency",
        how=act(REVIEW, lambda _: {"review": pdf(), "passed": "no"}),
    ),
    Play(
        code="signature.missing", point=Stage.REGISTERED, by="agency", how=act(REVIEW, reviewed, signs=lambda *_: "{}")
    ),
    Play(
        code="signature.wrong", point=Stage.REGISTERED, by="agency", how=act(REVIEW, reviewed, signs=over_other_bytes)
    ),
    signing("certificate.binding.different", lambda scene: scene.who("tenderer").signing),
    signing("certificate.binding.missing", certified(organisation_code="", organisation_name="")),
    signing("certificate.validity.expired", certified(days_until=-1)),
    signing("certificate.validity.not_yet", certified(days_from=1)),
    signing("certificate.usage.sign", certified(usage="encrypt")),
    signing("certificate.chain.unknown_issuer", lambda _: pair("rsa")),
    signing("certificate.revocation.revoked", revoked),
    publishing("terms.file", terms=b'{ "format": "yangguang-terms/1" }'),
    publishing("terms.format", terms={"format": "yangguang-terms/0"}),
    publishing("terms.parts", terms={"parts": ["technical"]}),
    publishing("terms.experts", terms={"experts": 6}),
    publishing("terms.bid_bond", terms={"bid_bond": "-1"}),
    publishing("terms.specialty", terms={"specialty": " "}),
    publishing("terms.review", terms={"review": []}),
    publishing("terms.rescue", terms={"rescue": {"threshold": 2, "trustees": []}}),
    publishing("terms.candidates", terms={"candidates": 4}),
    publishing("terms.decryption_minutes", terms={"decryption_minutes": 29}),
    publishing("score.description.format", terms={"scoring": {}}),
    publishing("bond.above_rate", terms={"bid_bond": "240000.01"}),
    publishing("bond.above_cap", terms={"bid_bond": "800000.01"}),
    publishing("committee.too_small", terms={"committee_size": 3, "experts": 2}),
    publishing("committee.even", terms={"committee_size": 6}),
    publishing("committee.too_few_experts", terms={"experts": 3}),
    publishing("tender.document_period.too_short", sale_until="2026-03-04"),
    publishing("tender.bid_period.too_short", deadline="2026-03-20T09:00"),
    Play(code="tender.document_sale.over", point=PUBLISHED, by="supplier", when=beijing("03-20"),
         how=act("download_document")),
    Play(code="deadline.forward", point=PUBLISHED, by="agency",
         how=act(CHANGE, changed_document(deadline="2026-03-22T09:00"))),
    Play(code="deadline.passed", point=PUBLISHED, by="agency", when=AFTER_DEADLINE, how=act(CHANGE)),
    Play(code="tender.clarification.too_late", point=PUBLISHED, by="agency", when=beijing("03-20"),
         how=act(CHANGE, changed_document(deadline=""))),
    Play(code="tender.objection.too_late", point=PUBLISHED, by="supplier", when=beijing("03-20"),
         how=act("object_to_document")),
    Play(code="objection.not_open", point=PUBLISHED, by="agency", how=act("answer_document_objection")),
    bid("bid.late", sealed(), when=DEADLINE + timedelta(seconds=1)),
    bid("bid.already_submitted", sealed(), point=Stage.BIDDING),
    bid(
        "bid.same_file", bonded, "record_guarantee",
        before=lambda scene: scene.guarantee("bidder"), when=beijing("03-04"),
    ),
    bid("bid.wrong_parts", sealed(), "record_guarantee"),
    bid("bid.unencrypted", lambda _: b"%PDF-1.7 " * 500),
    bid("bid.file.truncated", spoiled(lambda content: content[:-700])),
    bid("bid.file.tampered", spoiled(changed_content)),
    bid("bid.tender.wrong", sealed_for(stream="A01-示例")),
    bid("bid.lot.wrong", sealed_for(lot_code="示例-02")),
    bid("certificate.binding.different", sealed("bidder2")),
    bid("bid.trustee", sealed("bidder4"), by="bidder4", **WITH_RESCUE),
    bid("bid.rescue.differs", lambda scene: rescue.sealed_with(scene, "bidder", None).read_bytes(), **WITH_RESCUE),
    bid("access.denied", lambda _: b"x" * 100, by="agency"),
    Play(code="upload.too_many", point=PUBLISHED, by="bidder", how=too_many),
    Play(code="upload.expired", point=PUBLISHED, by="bidder", how=forgotten),
    Play(code="upload.too_large", point=PUBLISHED, by="bidder", how=too_large),
    Play(code="upload.no_room", point=PUBLISHED, by="bidder", how=no_room),
    Play(code="opening.sign_in.too_early", point=Stage.BIDDING, by="bidder", how=act("sign_in_to_opening")),
    Play(code="sign_in.twice", point=Stage.BIDDING, by="bidder", when=DEADLINE - timedelta(minutes=20),
         before=lambda scene: (setattr(scene, "at", DEADLINE - timedelta(minutes=30)),
                               scene.do("sign_in_to_opening", "bidder")),
         how=act("sign_in_to_opening")),
)  # fmt: skip
