"""What allauth asks us: nobody makes an account by themselves, a fresh sign-in counts, secrets are kept sealed."""

import base64
import time
from hashlib import sha256
from typing import Any

from allauth.account import app_settings
from allauth.account.adapter import DefaultAccountAdapter
from allauth.account.internal.flows.login import get_authentication_records
from allauth.account.internal.flows.reauthentication import get_reauthentication_flows
from allauth.core import context
from allauth.core.exceptions import ReauthenticationRequired
from allauth.mfa.adapter import DefaultMFAAdapter
from allauth.mfa.models import Authenticator
from cryptography.fernet import Fernet
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse

from yangguang.web.accounts.second_factor import must_have

KEY_NAMES = {Authenticator.Type.WEBAUTHN: "通行密钥"}


class AccountAdapter(DefaultAccountAdapter):  # type: ignore[misc] # allauth has no types
    """Accounts are made by the centre for people it knows (单位与人员), or by their certificate."""

    error_messages = {  # noqa: RUF012 - read only
        **DefaultAccountAdapter.error_messages,
        "username_password_mismatch": "用户名或密码不正确。",
        "incorrect_password": "密码不正确。",
        "enter_current_password": "现在的密码不正确。",
        "too_many_login_attempts": "尝试次数过多，请稍后再试。",
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:  # noqa: ARG002 - the shape of allauth's
        """Closed."""
        return False

    def pre_authenticate(self, request: HttpRequest, **credentials: Any) -> None:
        """django-axes counts wrong passwords by name and address; by name alone anybody could lock anybody out."""

    def is_reauthentication_required(self, *, app: str, **kwargs: Any) -> bool:
        """Whoever proved themselves in the last minutes is not asked again; who has a certificate only, shows it."""
        request = context.request
        if not super().is_reauthentication_required(app=app, **kwargs) or is_fresh(request):
            return False
        if not get_reauthentication_flows(request.user):
            raise ReauthenticationRequired  # allauth would let them pass
        return True

    def get_reauthentication_methods(self, user: Any) -> list[dict[str, str]]:
        """Password, codes, passkeys where the account has them; the certificate always."""
        if not user.is_authenticated:
            return []
        words = {"reauthenticate": "用密码确认", "mfa_reauthenticate": "用动态码或恢复码确认"}
        known = super().get_reauthentication_methods(user)
        methods = [{**one, "description": words.get(one["id"], "用通行密钥确认")} for one in known]
        certificate = {"id": "certificate", "description": "用数字证书确认", "url": reverse("certificate-sign-in")}
        return [*methods, certificate]


class MfaAdapter(DefaultMFAAdapter):  # type: ignore[misc] # allauth has no types
    """Secrets of second factors are kept sealed; names are in Chinese."""

    error_messages = {  # noqa: RUF012 - read only
        **DefaultMFAAdapter.error_messages,
        "incorrect_code": "动态码或恢复码不正确。动态码每 30 秒更换，请核对手机时间后重试。",
        "cannot_delete_authenticator": "您的岗位必须使用双因素登录，不能停用最后一种方式。",
        "cannot_generate_recovery_codes": "请先启用动态码或通行密钥，再生成恢复码。",
    }

    def encrypt(self, text: str) -> str:
        """Sealed under the installation's secret key."""
        return _box().encrypt(text.encode()).decode()

    def decrypt(self, encrypted_text: str) -> str:
        """The secret again."""
        return _box().decrypt(encrypted_text.encode()).decode()

    def can_delete_authenticator(self, authenticator: Authenticator) -> bool:
        """Whose office needs a second factor keeps at least one."""
        kinds = [Authenticator.Type.TOTP, Authenticator.Type.WEBAUTHN]
        left = Authenticator.objects.filter(user=authenticator.user, type__in=kinds).exclude(pk=authenticator.pk)
        return left.exists() or not must_have(authenticator.user, request=context.request)

    def generate_authenticator_name(self, user: Any, type: Authenticator.Type) -> str:  # noqa: A002 - allauth's name
        """通行密钥 1, 2, …."""
        return f"{KEY_NAMES.get(type, '验证器')} {Authenticator.objects.filter(user=user, type=type).count() + 1}"

    def get_public_key_credential_rp_entity(self) -> dict[str, str]:
        """The site's name as the browser shows it."""
        return {**super().get_public_key_credential_rp_entity(), "name": settings.MFA_TOTP_ISSUER}


def is_fresh(request: HttpRequest) -> bool:
    """Whether the person signed in or proved themselves again within the last five minutes."""
    records = get_authentication_records(request, request.user)
    return bool(records) and time.time() - records[-1]["at"] < app_settings.REAUTHENTICATION_TIMEOUT


def _box() -> Fernet:
    return Fernet(base64.urlsafe_b64encode(sha256(b"second-factor\0" + settings.SECRET_KEY.encode()).digest()))
