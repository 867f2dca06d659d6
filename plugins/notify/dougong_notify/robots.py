"""Group robots of 企业微信, 钉钉 and 飞书: what each of them is sent, how it is signed, and what its answer means.

Sources: 企业微信 “群机器人配置说明”, 钉钉 “自定义机器人安全设置”, 飞书 “自定义机器人使用指南”, as published by the vendors.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode, urlsplit, urlunsplit

from dougong import Lazy, NotSent, Unreachable, post_outside, translator

from .records import Robot

_ = translator("dougong_notify")

WECOM, DINGTALK, FEISHU = "wecom", "dingtalk", "feishu"
BRANDS: dict[str, Lazy] = {WECOM: _("WeCom"), DINGTALK: _("DingTalk"), FEISHU: _("Feishu")}
SIGNED = (DINGTALK, FEISHU)  # 企业微信 knows no signature: its address alone is the secret
_MOST = 1900  # bytes; 企业微信 takes 2048
# Too many messages a minute: 企业微信 45009, 钉钉 130101 and 410100, 飞书 9499 and 11232; busy: -1.
_LATER = {-1, 45009, 130101, 410100, 9499, 11232}
_PAUSE = 65


@dataclass(frozen=True)
class Post:
    """One request to a robot's address."""

    address: str
    body: dict[str, Any]


def compose(robot: Robot, text: str, at: float) -> Post:
    """What a robot is sent at a moment (seconds since 1970); signed where it has a secret."""
    short = _cut(text)
    if robot.brand == FEISHU:
        body: dict[str, Any] = {"msg_type": "text", "content": {"text": short}}
        if robot.secret:
            stamp = str(int(at))
            sealed = hmac.new(f"{stamp}\n{robot.secret}".encode(), b"", hashlib.sha256).digest()
            body = {"timestamp": stamp, "sign": base64.b64encode(sealed).decode(), **body}
        return Post(robot.address, body)
    body = {"msgtype": "text", "text": {"content": short}}
    if robot.brand == DINGTALK and robot.secret:
        stamp = str(int(at * 1000))
        sealed = hmac.new(robot.secret.encode(), f"{stamp}\n{robot.secret}".encode(), hashlib.sha256).digest()
        return Post(_with(robot.address, timestamp=stamp, sign=base64.b64encode(sealed).decode()), body)
    return Post(robot.address, body)


def _with(address: str, **more: str) -> str:
    parts = urlsplit(address)
    query = "&".join(part for part in (parts.query, urlencode(more)) if part)
    return urlunsplit(parts._replace(query=query))


def _cut(text: str) -> str:
    held = text.encode()
    return text if len(held) <= _MOST else held[: _MOST - 3].decode("utf-8", "ignore") + "…"


def send(robot: Robot, text: str, key: str, at: float) -> None:
    """Send a text to a group. :raises NotSent: it was not taken; the words carry no part of the address."""
    post = compose(robot, text, at)
    body = json.dumps(post.body, ensure_ascii=False).encode()
    try:
        answer = post_outside(post.address, body, headers={"Idempotency-Key": key})
    except Unreachable as error:
        raise NotSent(error.words, again=not error.refused) from None
    if not answer.good:
        again = answer.status >= 500 or answer.status in (408, 425, 429)
        told = _("The robot's address answered {status}.").format(status=answer.status)
        raise NotSent(told, again=again, wait=answer.retry_after)
    _check(answer.text)


def _check(text: str) -> None:
    """All three answer 200 to refusals too; a code that is not 0 says that nothing was sent."""
    try:
        held = json.loads(text)
        code = held.get("errcode", held.get("code", held.get("StatusCode", 0)))
    except (ValueError, AttributeError):
        raise NotSent(_("The robot's address gave an answer that is none of a robot."), again=False) from None
    if code == 0:
        return
    said = str(held.get("errmsg") or held.get("msg") or "")[:120]
    told = _("The robot refused: {code} {why}").format(code=code, why=said)
    raise NotSent(told, again=code in _LATER, wait=_PAUSE if code in _LATER else None)
