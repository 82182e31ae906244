"""The refusals that no play of ours provokes, each with its reason: what a page cannot reach, or who else plays it."""

CHOICES = "the form offers only what the act takes; a choice that vanished meanwhile is draft.outdated"
FORM = "the form asks for it, or limits it, before the act is asked"
EARLIER = "another refusal, which is played, always comes before it"
CLOCK = "the clock's own act; no page offers it"
RECORDED = "a lateness or a caution: recorded in the entry or shown beside a field, it stops no act"
NO_ACT = "a check of a line or a step of procedure that no act uses yet"
TOOL = "said by the bidder's own tool or the page's script, before anything is sent"
WRITTEN = "the platform writes this paper or number itself and nobody can send another"
COMMAND = "a command of the centre, no page"

NOT_REACHED = {
    # registration and the document
    "registration.lots": FORM,
    "registration.kind": CHOICES,
    "registration.line": CHOICES,
    "registration.retender": CHOICES,
    "registration.title": FORM,
    "registration.limit_price": FORM,
    "limit_price.floor": NO_ACT,
    "limit_price.unpublished": NO_ACT,
    "code.{}": WRITTEN,
    "input.{}": FORM,
    "reason.long": FORM,
    "terminate.reason": FORM,
    "signature.other_paper": WRITTEN,
    "bond.negative": EARLIER,
    "committee.more_experts_than_members": EARLIER,
    "tender.bid_period.exactly_minimum": RECORDED,
    "score.full_marks": RECORDED,
    "{}.clarification.after_deadline": EARLIER,
    "{}.clarification.deadline_advanced": EARLIER,
    "prequalification.submission_period.too_short": NO_ACT,
    "objection.answer.too_early": NO_ACT,
    "complaint.too_late": NO_ACT,
    "abnormal_low.trigger": NO_ACT,
    "abnormal_low.{}": NO_ACT,
    "performance_bond.above_rate": NO_ACT,
    "performance_bond.negative": NO_ACT,
    "{}.too_late": RECORDED,
    "{}.too_early": RECORDED,
    "publicity.start": RECORDED,
    "objection.answer": RECORDED,
    "deadline.not_passed": CLOCK,
    "objection.answered_after_deadline": CLOCK,
    "correction.unknown": CHOICES,
    "correction.region": CHOICES,
    "correction.source": FORM,
    "correction.reason": FORM,
    "root.unknown": CHOICES,
    "root.reason": FORM,
    "reason.missing": FORM,
    "organisation.unknown": CHOICES,
    "witness.item": CHOICES,
    "witness.result": CHOICES,
    "witness.text_missing": FORM,
    # bids and the opening
    "bid.not_yours": EARLIER,
    "bid.key.not_recipient": TOOL,
    "bid.part.unknown": TOOL,
    "guarantee.{}": RECORDED,
    "{}.too_few_bidders": RECORDED,
    "evaluation.too_few_valid_bids": RECORDED,
    "opening.decryption.too_early": NO_ACT,
    "opening.decryption.too_late": NO_ACT,
    "opening.decryption.window_too_short": NO_ACT,
    "decryption.reason_missing": FORM,
    "decryption.no_bid": EARLIER,
    "record.not_current": EARLIER,
    # draws and the committee
    "draw.not_a_party": EARLIER,
    "draw.reply": CHOICES,
    "draw.not_drawn": WRITTEN,
    "recusal.{}": RECORDED,
    "chair.no_seat": CHOICES,
    "member.evaluation_began": CHOICES,
    "member.not_replaceable": CHOICES,
    "member.not_seated": CHOICES,
    "replacement.no_reason": FORM,
    "replacement.unlisted_ground": CHOICES,
    # evaluation
    "opinion.step": FORM,
    "opinion.incomplete": FORM,
    "clarification.not_open": CHOICES,
    "rejection.no_majority": CHOICES,
    "rejection.twice": CHOICES,
    "rejection.unlisted_ground": CHOICES,
    "rejection.no_reason": FORM,
    "review.competition": FORM,
    "score.items": FORM,
    "score.range": FORM,
    "ranking.tie": FORM,
    "price.above_limit": RECORDED,
    "price.not_positive": RECORDED,
    "report.not_current": WRITTEN,
    "report.other_file": WRITTEN,
    "report.seat": CHOICES,
    # award and after
    "candidates.count": EARLIER,
    "candidates.ranking": WRITTEN,
    "result.objection.too_early": EARLIER,
    "drop_out.unlawful": CHOICES,
    "award.dropped_out": CHOICES,
    "award.not_a_candidate": CHOICES,
    "award.notice_incomplete": WRITTEN,
    "contract.price": WRITTEN,
    "contract.party": WRITTEN,
    "archive.not_ended": COMMAND,
}

# Played through the pages by another test, which names the code.
ELSEWHERE = {
    **dict.fromkeys(
        (
            "sign_in.closed", "sign_in.in_person", "sign_in.late_challenge", "sign_in.not_proven",
            "sign_in.not_registered", "sign_in.other_challenge", "sign_in.signature", "sign_in.unknown_organisation",
            "sign_in.unreadable", "sign_in.used_challenge", "access.no_appointment",
        ),
        "web/test_web_certificate_sign_in.py",
    ),
    **dict.fromkeys(
        (
            "application.kinds", "application.known", "application.own", "application.stranger", "application.unknown",
            "application.unsaid", "application.waits", "certificate.ended", "certificate.registered",
            "certificate.unknown", "person.unknown",
        ),
        "web/test_web_organisations.py",
    ),
    **dict.fromkeys(
        ("power.days", "power.last", "power.office", "power.person", "power.trade", "power.twice", "power.unknown"),
        "web/test_web_powers.py",
    ),
    **dict.fromkeys(
        ("upload.wrong_type", "upload.truncated", "upload.virus", "upload.unscanned"), "web/test_web_act_uploads.py"
    ),
    "bonds.secret": "web/test_web_closing.py",
    **dict.fromkeys(
        ("document.stale", "document.unfinished", "score.drawn.out_of_bounds", "sheet.over", "sheet.not_kept",
         "platform.not_saved", "evidence.not_kept", "certificate.private", "certificate.unreadable",
         "revocations.unreadable"),
        "web/test_web_refusals.py",
    ),
}  # fmt: skip

# Of the newest pages: the act's own test provokes it, and its page is the pattern that is played above.
AT_THE_ACT = {
    **dict.fromkeys(
        (
            "anomaly.letter_open", "letter.addressee", "letter.none", "letter.not_current", "letter.reply_by",
            "recording.digest", "recording.place", "recording.times", "witness.names_outsider", "witness.note_missing",
            "witness.other_way",
        ),
        "trading/test_trading_witnessing.py",
    ),
    **dict.fromkeys(
        (
            "decryption.not_yours", "rescue.not_declared", "rescue.not_requested", "rescue.not_yours",
            "rescue.reason_missing", "bid.rescue.impossible", "bid.share.malformed", "bid.share.other_bid",
        ),
        "trading/test_trading_rescue.py",
    ),
    **dict.fromkeys(
        ("rescue.released", "rescue.requested", "opening.objection.running", "opening.objection.too_late"),
        "trading/test_trading_preconditions.py",
    ),
    **dict.fromkeys(
        ("forfeiture.no_reason", "forfeiture.not_shown", "forfeiture.unlisted_ground"), "trading/test_trading_bonds.py"
    ),
    **dict.fromkeys(("anomaly.none", "recording.registered"), "trading/samples_witnessing.py"),
}  # fmt: skip

# Said by the same check, in the same place, as one that is played; the check itself has its tests beside it.
SAME_DOOR = {
    **dict.fromkeys(
        (
            "certificate.chain.not_authority", "certificate.chain.path_length", "certificate.extension.critical",
            "certificate.key.weak", "certificate.revocation.{}", "certificate.signature.unsupported",
            "certificate.usage.encrypt",
        ),
        "certificate.chain.unknown_issuer",
    ),
    **dict.fromkeys(
        (
            "bid.file.malformed", "bid.file.too_large", "bid.manifest.malformed", "bid.suite.unknown",
            "bid.signature.bad", "bid.signature.other_bidder",
        ),
        "bid.file.tampered",
    ),
    **dict.fromkeys(
        (
            "bid.key.wrong", "bid.content.malformed", "bid.release.signature", "decryption.keys_missing",
            "decryption.no_amount", "decryption.guarantee",
        ),
        "bid.release.malformed",
    ),
    "revocations.partial": "revocations.issuer",
    "score.evaluation.{}": "scoring.unfinished",
    "score.evaluation.unranked_bid": "scoring.unfinished",
    "score.inputs.{}": "scoring.unfinished",
    "score.inputs.extra": "scoring.unfinished",
}  # fmt: skip
