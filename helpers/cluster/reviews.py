"""Questions about rights: `kubectl auth can-i`, also with --list, and `kubectl auth whoami`.

The learner may do everything here, as an administrator may on a cluster of their own.
"""

from __future__ import annotations

from aiohttp import web

from .asked import body_of
from .errors import bad_request
from .meta import Object

ALL_RULES = {
    "resourceRules": [{"verbs": ["*"], "apiGroups": ["*"], "resources": ["*"]}],
    "nonResourceRules": [{"verbs": ["*"], "nonResourceURLs": ["*"]}],
    "incomplete": False,
}
USER, GROUPS = "learner", ["system:masters", "system:authenticated"]


async def answer(request: web.Request) -> Object:
    """The question with its answer in `status`."""
    asked = await body_of(request)
    if not isinstance(asked, dict):
        raise bad_request("a review is a JSON object")
    if asked.get("kind") == "SelfSubjectReview":
        return asked | {"status": {"userInfo": {"username": USER, "groups": GROUPS}}}
    if asked.get("kind") == "SelfSubjectRulesReview":
        return asked | {"status": ALL_RULES}
    return asked | {"status": {"allowed": True, "reason": "you are this cluster's administrator"}}
