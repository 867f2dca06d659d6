"""The states of a subscription and of a delivery."""

from __future__ import annotations

from dougong import Choice, translator

_ = translator("dougong_webhooks")


class State(Choice):
    ON = "on", _("On"), "doing"
    OFF = "off", _("Off"), "hold"
    STOPPED = "stopped", _("Stopped after failures"), "visit"


class Outcome(Choice):
    WAITING = "waiting", _("Waiting"), "info"
    DELIVERED = "delivered", _("Delivered"), "good"
    GIVEN_UP = "given_up", _("Given up"), "bad"
    WITHHELD = "withheld", _("Not sent"), "warn"
