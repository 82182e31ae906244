"""Who may use which address (权限表): one table, denied by default; a test walks every address with every role.

An address that is not declared here answers nobody. Signing in and offices are enforced by the middleware below; roles
towards a trade by the act or by `trade.has_role` in the view, and checked against this table by the tests.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.core.exceptions import ImproperlyConfigured, PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse

from yangguang.ledger.roles import LedgerRole
from yangguang.trading.roles import HOSTS, TENDERERS, Role
from yangguang.web import demo_mode
from yangguang.web.accounts.acting import is_partial
from yangguang.web.acts.views import sign_in_first

Answer = Callable[[HttpRequest], HttpResponse]


class Who(StrEnum):
    """The outer door."""

    ANYONE = "anyone"
    SIGNED_IN = "signed_in"
    DEMO = "demo"  # anyone, in a demonstration's home only
    CLOSED = "closed"  # a library brings the address, we do not offer it


@dataclass(frozen=True, slots=True, kw_only=True)
class Door:
    """`offices`: one of these must be held; `roles`: one of these towards the trade in the address.

    `posts`: one of these roles towards the unit in the address, through a post there or above; others find nothing.
    `is_own`: whoever signed in sees their own (drafts, keys) and finds nothing else. `is_logged`: the access log may
    name it, because it tells nothing of those who bid.
    """

    who: Who
    offices: frozenset[str] = frozenset()
    roles: frozenset[Role] = frozenset()
    posts: frozenset[LedgerRole] = frozenset()
    is_own: bool = False
    is_logged: bool = False


PUBLIC = Door(who=Who.ANYONE, is_logged=True)
QUIET = Door(who=Who.ANYONE)
SIGNED_IN = Door(who=Who.SIGNED_IN)
OWN = Door(who=Who.SIGNED_IN, is_own=True)
DEMO = Door(who=Who.DEMO)
CLOSED = Door(who=Who.CLOSED)


def offices(*names: str) -> Door:
    """For whoever acts with one of these offices (centre, supervision, discipline, …)."""
    return Door(who=Who.SIGNED_IN, offices=frozenset(names))


def roles(*names: Role) -> Door:
    """For whoever has one of these roles towards the trade in the address."""
    return Door(who=Who.SIGNED_IN, roles=frozenset(names))


def posts(*names: LedgerRole) -> Door:
    """For whoever's post in the unit in the address, or above it, gives one of these roles; `unit_for` enforces it."""
    return Door(who=Who.SIGNED_IN, posts=frozenset(names))


_PORTAL = ["home", "trades", "notices", "statistics", "trade", "entry", "log", "log-jump", "log-entry", "log-growth"]

DRAWING = (Role.CENTRE, Role.TENDERER, Role.AGENCY, Role.SUPERVISOR, Role.DISCIPLINE)
_CENTRE = ["centre", "centre-rules", "centre-corrections", "centre-holidays", "centre-roots", "witness-console"]
WATCHING = (Role.SUPERVISOR, Role.DISCIPLINE)
WITNESSING = (Role.CENTRE, *WATCHING)
IN_A_UNIT = (LedgerRole.KEEPER, LedgerRole.MEMBER, LedgerRole.INSPECTOR, LedgerRole.LEADER)
# Within a unit the register's own entry says who reads and who writes (`register_for`, `record_for`).
_PARTY = [
    "party", "party-month", "party-registers", "party-register", "party-calendar", "party-record", "party-done",
    "party-do", "party-sealed", "party-file", "party-letter", "party-new", "party-correct", "party-roll",
    "party-ballot",
    "party-people", "party-tasks", "party-dues", "party-risks", "party-risk-answer", "party-task-table",
    "party-burden", "party-import", "party-template", "party-export", "party-development", "party-rooms",
    "party-tree", "party-tree-template",
]  # fmt: skip
_REPORTS = [
    "party-reports",
    "party-report",
    "party-report-paper",
    "party-figure",
    "party-metrics",
    "party-metric",
    "party-tables",
    "party-package",
    "party-agenda",
    "party-assessment",
]
_AUTHORING = [
    "document", "document-typed", "document-terms", "document-score", "document-notice", "document-paper",
    "document-review", "document-change",
]  # fmt: skip

DOORS: dict[str, Door] = {
    **dict.fromkeys((f"{language}{page}" for language in ("", "en:") for page in _PORTAL), PUBLIC),
    "verify": QUIET,  # who brings a receipt is somebody who bids
    "en:verify": QUIET,
    "verifier": PUBLIC,
    "entry-file": PUBLIC,
    "feed-atom": PUBLIC,
    "feed-json": PUBLIC,
    "screen": PUBLIC,
    "screen-board": QUIET,  # a wall asks every few seconds: no line for each
    "sitemap": PUBLIC,
    "robots": PUBLIC,
    "checkpoint": PUBLIC,
    "log-keys": PUBLIC,
    "tile": PUBLIC,
    # Who comes to a hall before the deadline is mostly who bids: no line of the log may count them.
    "hall": QUIET,
    "hall-screen": QUIET,
    "hall-board": QUIET,
    "hall-mine": QUIET,
    "hall-events": QUIET,
    "hall-rescue": roles(Role.TRUSTEE),
    "hall-do": SIGNED_IN,  # each act by its own row of ACT_ROLES
    "draw": roles(*DRAWING),
    "draw-do": roles(Role.CENTRE, Role.TENDERER, Role.SUPERVISOR),
    "bonds": roles(*DRAWING),
    "archive": roles(*DRAWING),
    "room": roles(Role.MEMBER, *WATCHING),
    "room-report": roles(Role.MEMBER, *WATCHING),
    "room-do": roles(Role.MEMBER),
    "room-sheet": roles(Role.MEMBER),
    "room-file": roles(Role.MEMBER),
    "room-file-raw": roles(Role.MEMBER),
    "desk": SIGNED_IN,
    **dict.fromkeys(_PARTY, posts(*IN_A_UNIT)),
    "party-pairs": posts(LedgerRole.KEEPER, LedgerRole.INSPECTOR, LedgerRole.LEADER),
    **dict.fromkeys(("party-people-do", "party-report-do"), posts(LedgerRole.KEEPER, LedgerRole.LEADER)),
    **dict.fromkeys(_REPORTS, posts(LedgerRole.KEEPER, LedgerRole.INSPECTOR, LedgerRole.LEADER)),
    "party-sign-off": posts(LedgerRole.KEEPER, LedgerRole.INSPECTOR, LedgerRole.LEADER),
    **dict.fromkeys(_CENTRE, offices("centre", "supervision", "discipline")),
    "organisations": OWN,
    "organisation": OWN,
    "organisation-apply": QUIET,  # a stranger with a certificate may ask for the registration
    "witness": roles(*WITNESSING),
    "witness-record": roles(*WITNESSING),
    "witness-do": SIGNED_IN,  # each act by its own row of ACT_ROLES
    "witness-file": OWN,
    "letters": OWN,
    "letter-file": OWN,
    "desk-news": SIGNED_IN,
    "desk-read": SIGNED_IN,
    "desk-contact": SIGNED_IN,
    "register": offices("centre"),
    "act-inputs": SIGNED_IN,  # each act by its own row of ACT_ROLES
    "contract": OWN,
    "contract-file": OWN,
    "act-check": OWN,
    "act-done": OWN,
    "act-file": OWN,
    "act-receipt": OWN,
    **dict.fromkeys(_AUTHORING, roles(Role.TENDERER, Role.AGENCY)),
    "bidding": roles(Role.SUPPLIER),
    "bid-document": OWN,
    "bid-uploads": roles(Role.SUPPLIER),
    "bid-trial": roles(Role.SUPPLIER),
    "bid-receipt": OWN,
    "bid-file": OWN,
    "bid-upload": OWN,
    "bid-result": OWN,
    "me": SIGNED_IN,
    "demo": DEMO,
    # django-allauth
    "account_login": QUIET,
    "account_logout": QUIET,
    "account_inactive": QUIET,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "account_set_password": SIGNED_IN,
    "mfa_authenticate": QUIET,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
    "mfa_list_webauthn": SIGNED_IN,
    "mfa_add_webauthn": SIGNED_IN,
    "mfa_reauthenticate_webauthn": SIGNED_IN,
    "mfa_remove_webauthn": SIGNED_IN,
    "mfa_edit_webauthn": SIGNED_IN,
    "mfa_login_webauthn": QUIET,
    # certificates
    "certificate-sign-in": QUIET,
    "certificate-challenge": QUIET,
    "certificate-choose": QUIET,
}

# Every act once more, apart from the acts' own declarations: a test compares the two.
_BY: tuple[tuple[frozenset[Role], str], ...] = (
    (
        frozenset({Role.CENTRE}),
        (
            "register_tender open_draw complete_draw record_expert_reply replace_member archive_trade register_check "
            "register_note register_recording register_anomaly issue_letter close_anomaly correct_rule correct_days "
            "recognise_root withdraw_root update_revocation_list confirm_organisation reject_organisation"
        ),
    ),
    (
        frozenset({Role.CENTRE, Role.ADMINISTRATOR}),
        "register_certificate end_certificate grant_power end_power",
    ),
    (frozenset({Role.APPLICANT}), "apply_to_register"),
    (frozenset({Role.CENTRE, Role.SUPERVISOR}), "suspend resume"),
    (frozenset({Role.CENTRE, Role.TENDERER, Role.SUPERVISOR}), "commit_to_draw reveal_for_draw"),
    (TENDERERS | {Role.SUPERVISOR}, "terminate"),
    (frozenset({Role.TENDERER}), "award sign_contract forfeit_guarantee"),
    (
        TENDERERS,
        (
            "record_fair_competition_review publish_notice change_document answer_document_objection form_committee "
            "answer_opening_objection sign_opening_record publish_candidates answer_result_objection record_drop_out "
            "issue_award_notice submit_written_report replace_committee_member"
        ),
    ),
    (HOSTS, "announce_bidders start_decryption record_decryption_failure extend_decryption announce_bids"),
    (HOSTS | {Role.CLOCK}, "end_decryption refund_guarantee"),
    (frozenset({Role.CLOCK}), "close_bidding"),
    (frozenset({Role.SUPPLIER}), "download_document record_guarantee submit_bid"),
    (frozenset({Role.SUPPLIER, Role.INTERESTED}), "object_to_document"),
    (frozenset({Role.BIDDER, Role.INTERESTED}), "object_to_result"),
    (frozenset({Role.TRUSTEE}), "release_rescue_share"),
    (TENDERERS | {Role.SUPERVISOR, Role.DISCIPLINE, Role.BIDDER}, "reply_to_letter"),
    (HOSTS | {Role.BIDDER}, "open_bid"),
    (
        frozenset({Role.BIDDER}),
        "replace_bid withdraw_bid sign_in_to_opening request_rescue object_at_opening answer_clarification",
    ),
    (
        frozenset({Role.MEMBER}),
        (
            "sign_in_member vote_for_chair give_opinion reject_bid ask_clarification close_review score_technical "
            "score_business close_scoring compute_results issue_report sign_report dissent_from_report "
            "refuse_to_sign_report close_report"
        ),
    ),
)
ACT_ROLES: dict[str, frozenset[Role]] = {name: who for who, names in _BY for name in names.split()}


def is_public(name: str) -> bool:
    """Whether the access log may name this address."""
    door = DOORS.get(name)
    return door is not None and door.is_logged


class AccessMiddleware:
    """The outer doors, before any view runs."""

    def __init__(self, get_response: Answer) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        """Go on; the door stands in `process_view`, where the address is known."""
        return self.get_response(request)

    def process_view(self, request: HttpRequest, *_: Any) -> HttpResponse | None:
        """Nothing for whoever may pass; else a sign-in, 403 or 404."""
        door = door_of(request)
        if door.who == Who.CLOSED or (door.who == Who.DEMO and not demo_mode.is_demo()):
            raise Http404
        if door.who != Who.SIGNED_IN:
            return None
        if not request.user.is_authenticated:
            return sign_in_first(request)
        if _opens_the_account(request) and is_partial(request):
            raise PermissionDenied
        if door.offices and not door.offices & request.actor.offices:  # type: ignore[attr-defined]
            raise PermissionDenied
        return None


def _opens_the_account(request: HttpRequest) -> bool:
    """Whether the address gives the person a further way to sign in."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    return name in {"account_change_password", "account_set_password"} or name.startswith("mfa_")


def door_of(request: HttpRequest) -> Door:
    """The declared door of a resolved address; an undeclared one is a mistake of ours and lets nobody in."""
    name = request.resolver_match.view_name if request.resolver_match else ""
    if name not in DOORS:
        raise ImproperlyConfigured(f"网址 {name!r} 没有在 web/access.py 登记谁可以使用")
    return DOORS[name]
