"""Password with a second factor: lock-out, codes, recovery codes, who must have one, and what is not offered."""

from datetime import date, timedelta
from typing import Any

import pytest
import time_machine
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.core.cache import cache
from django.http import HttpResponse
from django.test import Client
from django.urls import NoReverseMatch, reverse

from yangguang.parties.models import Appointment, Office, Organisation, Person
from yangguang.rules.calendar import legal_date
from yangguang.web import demo_mode
from yangguang.web.accounts.models import Account
from yangguang.web.moment import now

pytestmark = [pytest.mark.django_db, pytest.mark.both_databases]

LOGIN, PASSWORD = "/account/login/", "correct horse 9"


@pytest.fixture(autouse=True)
def _quick_and_alone(settings: Any) -> None:
    """No slow hashes of passwords, and no attempts counted by other tests."""
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    cache.clear()


def account(name: str = "zhang", *, office: Office = Office.HANDLER) -> Account:
    person = Person.objects.create(name="张示例")
    organisation = Organisation.objects.create(code=f"9199010000000{name:0>5}"[:18], name="示例单位")
    Appointment.objects.create(
        person=person, organisation=organisation, office=office, valid_from=legal_date(now()) - timedelta(days=1)
    )
    return Account.objects.create_user(name, PASSWORD, person=person)


def sign_in(client: Client, password: str = PASSWORD, name: str = "zhang") -> HttpResponse:
    return client.post(LOGIN, {"login": name, "password": password})  # type: ignore[return-value]


def code_now(secret: str) -> str:
    return str(format_hotp_value(hotp_value(secret, next(yield_hotp_counters_from_time()))))


def activate(client: Client) -> str:
    """Set up codes as the page does; the secret."""
    page = client.get(reverse("mfa_activate_totp"))
    secret = page.context["form"].secret
    assert client.post(reverse("mfa_activate_totp"), {"code": code_now(secret)}).status_code == 302
    return str(secret)


def is_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_password_signs_in_under_a_new_session_key() -> None:
    account()
    client = Client()
    client.get(LOGIN)
    client.session.save()
    before = client.session.session_key
    answer = sign_in(client)

    assert (answer.status_code, answer["Location"]) == (302, "/desk/")
    assert client.session.session_key != before
    assert client.session.get_expire_at_browser_close()


def test_a_wrong_password_says_so_and_keeps_the_name() -> None:
    account()
    page = sign_in(Client(), "wrong")
    unknown = sign_in(Client(), "wrong", name="nobody")

    assert "用户名或密码不正确" in page.content.decode()
    assert 'value="zhang"' in page.content.decode()
    assert page.context["form"].errors == unknown.context["form"].errors  # type: ignore[attr-defined]


def test_five_wrong_passwords_lock_the_name_even_for_the_right_one() -> None:
    account()
    client = Client()
    answers = [sign_in(client, "wrong").status_code for _ in range(5)]
    locked = sign_in(client)

    assert answers == [200, 200, 200, 200, 429]
    assert locked.status_code == 429
    assert "15 分钟" in locked.content.decode()
    assert "/account/certificate/" in locked.content.decode()
    assert is_in(client) is False


def test_the_lock_opens_after_a_quarter_of_an_hour_though_somebody_goes_on_trying() -> None:
    account()
    for _ in range(5):
        sign_in(Client(), "wrong")
    with time_machine.travel(now() + timedelta(minutes=10)):
        assert sign_in(Client(), "wrong").status_code == 429
    with time_machine.travel(now() + timedelta(minutes=16)):
        assert sign_in(Client()).status_code == 302


def test_wrong_passwords_when_proving_oneself_again_count_too() -> None:
    account()
    client = Client()
    sign_in(client)
    answers = [client.post(reverse("account_reauthenticate"), {"password": "wrong"}).status_code for _ in range(5)]

    assert 429 in answers


def test_signing_out_is_by_post_only() -> None:
    account()
    client = Client()
    sign_in(client)

    assert client.get("/account/logout/").status_code == 405
    assert is_in(client)
    assert client.post("/account/logout/").status_code == 302
    assert is_in(client) is False


def test_codes_are_asked_for_once_set_up_and_a_recovery_code_works_once() -> None:
    account()
    client = Client()
    sign_in(client)
    secret = activate(client)
    codes = client.get(reverse("mfa_view_recovery_codes")).context["unused_codes"]

    other = Client()
    assert sign_in(other)["Location"] == reverse("mfa_authenticate")
    assert is_in(other) is False
    wrong = other.post(reverse("mfa_authenticate"), {"code": "000000"})
    assert "动态码或恢复码不正确" in wrong.content.decode()
    with time_machine.travel(now() + timedelta(seconds=31)):
        assert other.post(reverse("mfa_authenticate"), {"code": code_now(secret)}).status_code == 302
    assert is_in(other)

    answers = []
    for _ in range(2):
        third = Client()
        sign_in(third)
        third.post(reverse("mfa_authenticate"), {"code": codes[0]})
        answers.append(is_in(third))
    assert answers == [True, False]


def test_a_code_works_once() -> None:
    account()
    client = Client()
    sign_in(client)
    secret = activate(client)

    with time_machine.travel(now() + timedelta(seconds=61)):
        answers = []
        for _ in range(2):
            other = Client()
            sign_in(other)
            other.post(reverse("mfa_authenticate"), {"code": code_now(secret)})
            answers.append(is_in(other))
    assert answers == [True, False]


def test_secrets_of_codes_are_kept_sealed() -> None:
    account()
    client = Client()
    sign_in(client)
    secret = activate(client)

    assert all(secret not in str(one.data) for one in Authenticator.objects.all())


def test_the_picture_of_the_secret_obeys_the_content_policy() -> None:
    account()
    client = Client()
    sign_in(client)
    page = client.get(reverse("mfa_activate_totp"))

    assert 'src="data:image/svg+xml;base64,' in page.content.decode()
    assert "style=" not in page.content.decode()
    assert "img-src 'self' data:" in page["Content-Security-Policy"]


@pytest.mark.parametrize("office", [Office.CENTRE, Office.SUPERVISION, Office.DISCIPLINE])
def test_staff_with_a_password_alone_are_led_to_set_up_a_second_factor(office: Office) -> None:
    account(office=office)
    client = Client()
    sign_in(client)

    assert client.get("/desk/")["Location"] == reverse("mfa_index")
    assert client.get("/").status_code == 302
    assert client.get(reverse("mfa_index")).status_code == 200
    assert client.get("/desk/", follow=True).content.decode().count("必须使用双因素登录") == 1
    activate(client)
    assert client.get("/desk/").status_code == 200


def test_handlers_and_days_before_the_rule_need_no_second_factor(settings: Any) -> None:
    account()
    client = Client()
    sign_in(client)
    assert client.get("/desk/").status_code == 200

    account("staff", office=Office.CENTRE)
    settings.SECOND_FACTOR_FROM = date(2999, 1, 1)
    other = Client()
    sign_in(other, name="staff")
    assert other.get("/desk/").status_code == 200


def test_a_demonstration_goes_without_and_says_so(tmp_path: Any, settings: Any) -> None:
    settings.HOME = tmp_path
    demo_mode.begin(given=[])
    account(office=Office.CENTRE)
    client = Client()
    sign_in(client)

    assert client.get("/desk/").status_code == 200
    assert "演示环境不强制" in client.get(reverse("mfa_index")).content.decode()


def test_staff_keep_their_last_second_factor() -> None:
    account(office=Office.CENTRE)
    client = Client()
    sign_in(client)
    activate(client)
    page = client.post(reverse("mfa_deactivate_totp"))

    assert "最后一种方式" in page.content.decode()
    assert Authenticator.objects.filter(type="totp").exists()


def test_handlers_may_take_theirs_off_again() -> None:
    account()
    client = Client()
    sign_in(client)
    activate(client)

    assert client.post(reverse("mfa_deactivate_totp")).status_code == 302
    assert not Authenticator.objects.exists()


def test_after_a_while_one_proves_oneself_again_before_changing_how_one_signs_in() -> None:
    account()
    client = Client()
    sign_in(client)
    assert client.get(reverse("mfa_activate_totp")).status_code == 200
    with time_machine.travel(now() + timedelta(minutes=6)):
        asked = client.get(reverse("mfa_activate_totp"))
        assert asked["Location"].startswith(reverse("account_reauthenticate"))
        assert "用数字证书确认" in client.get(asked["Location"]).content.decode()
        client.post(asked["Location"], {"password": PASSWORD, "next": reverse("mfa_activate_totp")})
        assert client.get(reverse("mfa_activate_totp")).status_code == 200


def test_who_has_a_certificate_only_proves_themselves_with_it() -> None:
    held = account()
    held.set_unusable_password()
    held.save()
    client = Client()
    client.force_login(held, backend="yangguang.web.accounts.backends.AccountBackend")

    for name in ("mfa_activate_totp", "account_set_password", "mfa_add_webauthn"):
        assert client.get(reverse(name))["Location"].startswith(reverse("certificate-sign-in"))


def test_a_changed_password_ends_the_other_sessions() -> None:
    account()
    client, other = Client(), Client()
    sign_in(client)
    sign_in(other)
    new = {"oldpassword": PASSWORD, "password1": "another horse 8", "password2": "another horse 8"}

    assert client.post(reverse("account_change_password"), new).status_code == 302
    assert other.get("/account/me/").status_code == 302
    assert sign_in(Client(), "another horse 8").status_code == 302


@pytest.mark.parametrize(
    "name",
    ["account_signup", "account_email", "account_reset_password", "account_confirm_email", "mfa_signup_webauthn"],
)
def test_what_nobody_needs_is_not_there(name: str) -> None:
    with pytest.raises(NoReverseMatch):
        reverse(name)


@pytest.mark.parametrize(
    "name",
    [
        "me", "mfa_index", "mfa_activate_totp", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_view_recovery_codes",
        "account_change_password", "mfa_generate_recovery_codes", "account_reauthenticate",
    ],
)  # fmt: skip
def test_pages_of_ones_own_account_are_for_who_is_signed_in(name: str) -> None:
    answer = Client().get(reverse(name))

    assert answer.status_code == 302
    assert LOGIN in answer["Location"]


def test_every_page_of_the_account_is_in_chinese() -> None:
    account()
    client = Client()
    sign_in(client)
    activate(client)
    names = ["me", "mfa_index", "mfa_list_webauthn", "mfa_add_webauthn", "mfa_view_recovery_codes",
             "mfa_generate_recovery_codes", "mfa_deactivate_totp", "account_change_password",
             "mfa_reauthenticate", "account_reauthenticate"]  # fmt: skip
    for name in names:
        page = client.get(reverse(name)).content.decode()
        assert '<html lang="zh-CN"' in page, name
        assert not any(word in page for word in ("Authenticator app", "Security key", "Sign In", "Password<")), name
