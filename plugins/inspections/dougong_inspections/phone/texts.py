"""What the script of a walk says: in the person's language, given to it with the page."""

from __future__ import annotations

from dougong import translator

_ = translator("dougong_inspections")

_WORDS = {
    "ok": _("Passed"),
    "fail": _("Failed"),
    "na": _("N/A"),
    "before": _("Point before"),
    "next": _("Next: {name}"),
    "finish": _("To the summary"),
    "submit": _("Submit"),
    "left": _("{time} left"),
    "begins": _("begins in {time}"),
    "over": _("window over for {time}"),
    "pending": _("{time}, to send"),
    "remove": _("Take the photo away"),
    "scanned": _("Point confirmed: {how}, {time}"),
    "wrong": _("This code is of another point: {name}. Go there, or look for this point's label."),
    "unknown": _("This code is none of this route."),
    "nocamera": _("This browser cannot read codes. Scan with the phone's camera, or type what stands below the code."),
    "missing": _("{name}: {n} not answered"),
    "photo": _("{name}: a photo is missing"),
    "words": _("{name}: say what is wrong"),
    "failed": _("Failed: {n}"),
    "none": _("Nothing failed."),
    "fast": _(
        "This was quicker than the route can be walked. It will be flagged; go back if something was not looked at."
    ),
    "kept": _("Kept on the phone. It is submitted as soon as there is network."),
    "done": _("Submitted."),
    "late": _("Kept for the supervisor: {why} Nothing is lost; ask them to decide."),
    "refused": _("The server says: {why} Go on: the whole walk is kept for the supervisor when you submit."),
    "broken": _("This browser keeps nothing. Use the form with network, or an ordinary window."),
    "full": _(
        "There is no room on this phone: what you enter now is not kept. Free some room and go on; do not close this page."
    ),
    "bad": _("This photo cannot be read. Take another one."),
    "out": _("Out of limits: failed"),
    "count": _("{done} of {whole} items answered, {failed} failed"),
}


def words() -> dict[str, str]:
    """All of them in the language of this request."""
    return {name: str(text) for name, text in _WORDS.items()}
