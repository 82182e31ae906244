"""Certificate sign-in: whom it lets in, and every way in which it does not."""

import json
import threading
from datetime import timedelta
from typing import Any

import pytest
import time_machine
from django.db import connection
from django.http import HttpResponse
from django.test import Client

from support.refusing import GROUND, told
from yangguang.demo.people import KeyPair, Party, Registry, open_registry, publish_revocations
from yangguang.parties.models import Appointment, Office, Organisation, Person, PersonalCertificate
from yangguang.proof.democa import DemoAuthority
from yangguang.proof.signatures import Signature, sign
from yangguang.rules.calendar import legal_date
from yangguang.rules.refusal import Refused
from yangguang.web.accounts import challenges
from yangguang.web.accounts.models import Account, Challenge
from yangguang.web.moment import now

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

PAGE, CHALLENGE, CHOOSE = "/account/certificate/", "/account/certificate/challenge/", "/account/certificate/choose/"


@pytest.fixture
def registry() -> Registry:
    return open_registry(at=now())


@pytest.fixture
def party(registry: Registry) -> Party:
    return registry.party(name="示例第一建筑有限公司", algorithm="ecdsa")


def answer(client: Client, pair: KeyPair, **changed: Any) -> dict[str, str]:
    """What the page sends after it asked for a challenge; `changed` replaces."""
    challenge = client.post(CHALLENGE).json()
    signature = sign(data=challenge["statement"].encode(), key=pair.key, certificate=pair.certificate)
    return {"nonce": challenge["nonce"], "signature": json.dumps(signature.to_json()), **changed}


def enter(pair: KeyPair, client: Client | None = None, **changed: Any) -> HttpResponse:
    used = client or Client()
    return used.post(PAGE, answer(used, pair, **changed))  # type: ignore[return-value]


def codes(response: HttpResponse) -> list[str]:
    assert response.status_code == 409
    shown = told(response)
    assert all(GROUND.fullmatch(one.article) and one.remedy for one in shown.values())
    return list(shown)


@pytest.mark.parametrize("family", ["rsa", "ecdsa", "sm2"])
def test_a_certificate_of_each_family_signs_in_its_handler(registry: Registry, family: Any) -> None:
    party, client = registry.party(name="示例建设", algorithm=family), Client()
    client.post(CHALLENGE)
    before = client.session.session_key
    response = enter(party.signing, client)

    assert (response.status_code, response["Location"]) == (302, "/desk/")
    assert client.session.session_key != before
    assert client.session["acting_for"] == party.code
    assert client.session["account_authentication_methods"][-1]["method"] == "certificate"
    account = Account.objects.get(person=party.person)
    assert int(client.session["_auth_user_id"]) == account.pk
    assert account.has_usable_password() is False


def test_signing_in_twice_is_one_account(party: Party) -> None:
    enter(party.signing)
    enter(party.signing)

    assert Account.objects.filter(person=party.person).count() == 1


def test_an_experts_own_certificate_signs_in_the_expert_for_nobody(registry: Registry) -> None:
    expert, client = registry.individual(name="专家"), Client()

    assert enter(expert.signing, client).status_code == 302
    assert "acting_for" not in client.session
    assert client.get("/account/me/").context["account"].person == expert.person


def test_staff_sign_in_with_the_certificate_under_their_own_name(registry: Registry) -> None:
    staff = registry.party(name="示例中心", office=Office.CENTRE)

    assert enter(staff.signing).status_code == 302
    PersonalCertificate.objects.all().delete()
    assert codes(enter(staff.signing)) == ["sign_in.in_person"]


def test_a_certificate_under_a_name_is_nobody_elses_and_needs_an_appointment(party: Party) -> None:
    other = Person.objects.create(name="另一人")
    PersonalCertificate.objects.create(person=other, fingerprint=party.signing.certificate.fingerprint)

    assert codes(enter(party.signing)) == ["access.no_appointment"]


def test_of_several_handlers_the_holder_says_who_they_are(party: Party) -> None:
    second, client = handler(party.organisation, "第二经办人"), Client()
    supervisor = handler(party.organisation, "监督", office=Office.SUPERVISION)
    page = enter(party.signing, client, next="/trades/")

    assert page.status_code == 200
    assert set(page.context["bearers"].people) == {second, party.person}
    assert second.name in page.content.decode()
    assert "_auth_user_id" not in client.session
    entered = client.post(CHOOSE, {"person": second.mark, "next": "/trades/"})
    assert (entered.status_code, entered["Location"]) == (302, "/trades/")
    assert client.get("/account/me/").context["account"].person == second
    assert supervisor.mark not in page.content.decode()


def test_only_who_was_listed_may_be_chosen_once_and_soon(party: Party) -> None:
    handler(party.organisation, "第二经办人")
    stranger, client = Person.objects.create(name="外人"), Client()

    enter(party.signing, client)
    assert codes(client.post(CHOOSE, {"person": stranger.mark})) == ["sign_in.not_proven"]
    assert codes(client.post(CHOOSE, {"person": party.person.mark})) == ["sign_in.not_proven"]
    assert codes(Client().post(CHOOSE, {"person": party.person.mark})) == ["sign_in.not_proven"]
    enter(party.signing, client)
    with time_machine.travel(now() + timedelta(minutes=3)):
        assert codes(client.post(CHOOSE, {"person": party.person.mark})) == ["sign_in.not_proven"]


def test_the_session_key_changes_before_the_choice(party: Party) -> None:
    handler(party.organisation, "第二经办人")
    client = Client()
    client.post(CHALLENGE)
    before = client.session.session_key
    enter(party.signing, client)

    assert client.session.session_key != before


def test_an_answer_counts_once(party: Party) -> None:
    client = Client()
    given = answer(client, party.signing, signature="{}")
    assert codes(client.post(PAGE, given)) == ["sign_in.unreadable"]
    given = answer(client, party.signing)
    saved = {name: cookie.value for name, cookie in client.cookies.items()}
    assert client.post(PAGE, given).status_code == 302
    for name, value in saved.items():
        client.cookies[name] = value
    assert codes(client.post(PAGE, given)) == ["sign_in.used_challenge"]


def test_a_wrong_answer_uses_the_challenge_up(party: Party, registry: Registry) -> None:
    client = Client()
    good = answer(client, party.signing)
    other = registry.party(name="别家", algorithm="ecdsa").signing
    wrong = sign(data=b"something else", key=other.key, certificate=other.certificate)

    assert codes(client.post(PAGE, good | {"signature": json.dumps(wrong.to_json())})) == ["sign_in.signature"]
    assert codes(client.post(PAGE, good)) == ["sign_in.used_challenge"]


def test_a_challenge_of_another_session_or_origin_is_refused(party: Party, settings: Any) -> None:
    settings.ALLOWED_HOSTS = ["testserver", "mirror.example"]
    client, other = Client(), Client()
    other.post(CHALLENGE)

    assert codes(other.post(PAGE, answer(client, party.signing))) == ["sign_in.other_challenge"]
    assert codes(client.post(PAGE, answer(client, party.signing), headers={"host": "mirror.example"})) == [
        "sign_in.other_challenge"
    ]
    assert codes(client.post(PAGE, answer(client, party.signing, nonce="none"))) == ["sign_in.other_challenge"]


def test_a_challenge_holds_for_two_minutes(party: Party) -> None:
    client = Client()
    given, late = answer(client, party.signing), now() + timedelta(minutes=2, seconds=1)

    with time_machine.travel(late):
        assert codes(client.post(PAGE, given)) == ["sign_in.late_challenge"]
    given = answer(client, party.signing)
    with time_machine.travel(now() - timedelta(seconds=30)):
        assert codes(client.post(PAGE, given)) == ["sign_in.late_challenge"]


@pytest.mark.django_db(transaction=True)
def test_of_many_answers_to_one_challenge_at_the_same_moment_one_counts(party: Party) -> None:
    made = challenges.make_challenge(session="s", origin="o", at=now())
    pair = party.signing
    signature = sign(data=challenges.statement(made), key=pair.key, certificate=pair.certificate)
    start, outcomes = threading.Barrier(4), list[str]()

    def attempt() -> None:
        start.wait()
        try:
            challenges.prove(nonce=made.nonce, session="s", origin="o", signature=signature, at=made.made_at)
            outcomes.append("good")
        except Refused as refused:
            outcomes.append(refused.codes[0])
        finally:
            connection.close()

    threads = [threading.Thread(target=attempt) for _ in range(4)]
    for one in threads:
        one.start()
    for one in threads:
        one.join()
    assert sorted(outcomes) == ["good"] + ["sign_in.used_challenge"] * 3


def test_old_challenges_are_swept_away(party: Party) -> None:
    Client().post(CHALLENGE)
    with time_machine.travel(now() + timedelta(days=2)):
        Client().post(CHALLENGE)

    assert Challenge.objects.count() == 1


def test_an_unknown_authority_an_expired_and_a_revoked_certificate_are_told_apart(
    registry: Registry, party: Party
) -> None:
    at, authority = now(), registry.authorities["ecdsa"]
    stranger = DemoAuthority.create(name="未认可", algorithm="ecdsa", at=at - timedelta(days=1))
    facts: dict[str, Any] = {
        "organisation_name": party.name, "organisation_code": party.code, "common_name": party.name,
        "key": party.signing.key.public, "usage": "sign", "not_before": at - timedelta(days=30),
    }  # fmt: skip

    def pair(by: DemoAuthority, *, days: int) -> KeyPair:
        return KeyPair(key=party.signing.key, certificate=by.issue(**facts, not_after=at + timedelta(days=days)))

    unknown, expired = codes(enter(pair(stranger, days=1))), codes(enter(pair(authority, days=-1)))
    authority.revoke(party.signing.certificate.serial_number, at - timedelta(hours=1))
    publish_revocations(authority, at=at - timedelta(minutes=1))
    revoked = codes(enter(party.signing))

    assert len({unknown[0], expired[0], revoked[0]}) == 3
    assert "revoked" in revoked[0]
    assert "expired" in expired[0]


def test_an_organisation_that_is_not_registered_or_has_nobody_is_refused(registry: Registry, party: Party) -> None:
    Appointment.objects.filter(organisation=party.organisation).update(
        valid_until=legal_date(now() - timedelta(days=1))
    )
    assert codes(enter(party.signing)) == ["access.no_appointment"]
    gone = registry.party(name="未登记")
    Appointment.objects.filter(organisation=gone.organisation).delete()
    gone.organisation.delete()
    assert codes(enter(gone.signing)) == ["sign_in.unknown_organisation"]
    expert = registry.individual(name="专家")
    PersonalCertificate.objects.all().delete()
    assert codes(enter(expert.signing)) == ["sign_in.not_registered"]


def test_a_closed_account_stays_closed(party: Party) -> None:
    enter(party.signing)
    Account.objects.update(is_active=False)

    assert codes(enter(party.signing)) == ["sign_in.closed"]


@pytest.mark.parametrize("value", ["", "{", "[]", '{"algorithm": "rsa"}', "null"])
def test_what_is_no_signature_is_refused_with_words(value: str) -> None:
    client = Client()
    client.post(CHALLENGE)
    page = client.post(PAGE, {"nonce": "x", "signature": value})

    assert codes(page) == ["sign_in.unreadable"]
    assert "怎么办" in page.content.decode()


@pytest.mark.parametrize("wanted", ["https://elsewhere.example/", "//elsewhere.example", "javascript:alert(1)"])
def test_one_is_never_sent_elsewhere_afterwards(party: Party, wanted: str) -> None:
    assert enter(party.signing, next=wanted)["Location"] == "/desk/"


def test_the_statement_cannot_be_taken_for_a_signed_file() -> None:
    statement = Client().post(CHALLENGE).json()["statement"]

    assert statement.startswith("yangguang-sign-in/1\nhttp://testserver\n")
    assert statement.count("\n") == 4


def test_wrong_verbs_and_missing_tokens_are_refused(party: Party) -> None:
    strict = Client(enforce_csrf_checks=True)

    assert Client().get(CHALLENGE).status_code == Client().get(CHOOSE).status_code == 405
    assert strict.post(CHALLENGE).status_code == strict.post(PAGE).status_code == 403
    assert Client().get(PAGE).status_code == 200


def test_signing_in_as_another_ends_the_first_session(registry: Registry, party: Party) -> None:
    client, second = Client(), registry.party(name="第二家")
    enter(party.signing, client)
    client.session.update({"mark": "first"})
    enter(second.signing, client)

    assert client.get("/account/me/").context["account"].person == second.person
    assert client.session["acting_for"] == second.code


def test_a_signature_for_a_file_does_not_sign_in(party: Party) -> None:
    client = Client()
    given = answer(client, party.signing)
    forged = Signature.from_json(json.loads(given["signature"]))
    other = sign(data=b"yangguang-signed-file/1\n", key=party.signing.key, certificate=forged.certificate)

    assert codes(client.post(PAGE, given | {"signature": json.dumps(other.to_json())})) == ["sign_in.signature"]


def handler(organisation: Organisation, name: str, *, office: Office = Office.HANDLER) -> Person:
    """One more person of an organisation, from today on."""
    person = Person.objects.create(name=name)
    Appointment.objects.create(
        person=person, organisation=organisation, office=office, valid_from=legal_date(now() - timedelta(days=1))
    )
    return person


def test_a_name_locked_by_wrong_passwords_does_not_keep_the_certificate_out(party: Party, settings: Any) -> None:
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    Account.objects.create_user("handler", "right horse 7", person=party.person)
    for _ in range(5):
        Client().post("/account/login/", {"login": "handler", "password": "wrong"})

    assert Client().post("/account/login/", {"login": "handler", "password": "right horse 7"}).status_code == 429
    assert enter(party.signing).status_code == 302
