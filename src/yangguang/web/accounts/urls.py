"""The addresses of signing in. Of allauth's only those that are needed: no sign-up, no e-mail, no reset by mail."""

from allauth.account import views as account
from allauth.account.decorators import reauthentication_required
from allauth.mfa.base import views as factors
from allauth.mfa.recovery_codes import views as recovery
from allauth.mfa.totp import views as totp
from allauth.mfa.webauthn import views as passkeys
from django.urls import path

from yangguang.web.accounts import certificate_views, views

urlpatterns = [
    path("me/", views.me, name="me"),
    path("login/", account.login, name="account_login"),
    path("logout/", views.logout, name="account_logout"),
    path("inactive/", account.account_inactive, name="account_inactive"),
    path("reauthenticate/", account.reauthenticate, name="account_reauthenticate"),
    path("password/", account.password_change, name="account_change_password"),
    path("password/set/", reauthentication_required(account.password_set), name="account_set_password"),
    path("certificate/", certificate_views.sign_in, name="certificate-sign-in"),
    path("certificate/challenge/", certificate_views.challenge, name="certificate-challenge"),
    path("certificate/choose/", certificate_views.choose, name="certificate-choose"),
    path("mfa/", factors.index, name="mfa_index"),
    path("mfa/authenticate/", factors.authenticate, name="mfa_authenticate"),
    path("mfa/reauthenticate/", factors.reauthenticate, name="mfa_reauthenticate"),
    path("mfa/totp/activate/", totp.activate_totp, name="mfa_activate_totp"),
    path("mfa/totp/deactivate/", totp.deactivate_totp, name="mfa_deactivate_totp"),
    path("mfa/codes/", recovery.view_recovery_codes, name="mfa_view_recovery_codes"),
    path("mfa/codes/generate/", recovery.generate_recovery_codes, name="mfa_generate_recovery_codes"),
    path("mfa/codes/download/", recovery.download_recovery_codes, name="mfa_download_recovery_codes"),
    path("mfa/passkeys/", passkeys.list_webauthn, name="mfa_list_webauthn"),
    path("mfa/passkeys/add/", passkeys.add_webauthn, name="mfa_add_webauthn"),
    path("mfa/passkeys/login/", passkeys.login_webauthn, name="mfa_login_webauthn"),
    path("mfa/passkeys/reauthenticate/", passkeys.reauthenticate_webauthn, name="mfa_reauthenticate_webauthn"),
    path("mfa/passkeys/<int:pk>/remove/", views.remove_passkey, name="mfa_remove_webauthn"),
    path("mfa/passkeys/<int:pk>/edit/", passkeys.edit_webauthn, name="mfa_edit_webauthn"),
]
