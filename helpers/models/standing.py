"""Who decides now: the champion, its challenger, and the share that the challenger decides."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from helpers.models.reaching import CHALLENGER, CHAMPION, NAME, alias_of, asking, versions_of

SHARE = "canary_share"
FROM, UNTIL = "champion_from", "rolled_back_at"


@dataclass(frozen=True)
class Standing:
    """Who decides: the champion's version, the challenger's, and the challenger's share (0 to 1).

    A challenger without a share runs in the shadow: it scores every payment and decides none.
    """

    champion: int | None = None
    challenger: int | None = None
    share: float = 0.0


def canary(share: float, name: str = NAME) -> None:
    """Let the challenger decide for this share of the customers, from 0 (shadow) to 1.

    The share belongs to the version: the next challenger begins in the shadow. Raises ValueError
    for a share that is none, NoSuchVersion without a challenger, RegistryUnreachable.
    """
    if not 0 <= share <= 1:
        raise ValueError(f"share must be a number from 0 to 1, not {share!r}")
    with asking(name, CHALLENGER) as client:
        version = client.get_model_version_by_alias(name, CHALLENGER).version
        client.set_model_version_tag(name, version, SHARE, str(float(share)))


def withdraw(name: str = NAME) -> None:
    """Take the challenger out of the service; its version stays. Raises RegistryUnreachable."""
    with asking() as client:
        if alias_of(client, name, CHALLENGER) is not None:
            client.delete_registered_model_alias(name, CHALLENGER)


def standing(name: str = NAME) -> Standing:
    """Who decides now. Raises RegistryUnreachable."""
    with asking() as client:
        champion, challenger = (alias_of(client, name, who) for who in (CHAMPION, CHALLENGER))
        if challenger is None:
            return Standing(champion)
        tags = client.get_model_version(name, str(challenger)).tags
    return Standing(champion, challenger, float(tags.get(SHARE, 0)))


def version_of(alias: str, name: str = NAME) -> int | None:
    """The version's number that an alias points at, or None. Raises RegistryUnreachable."""
    with asking() as client:
        return alias_of(client, name, alias)


def history(name: str = NAME) -> list[dict[str, Any]]:
    """All versions from the first on: version, aliases, champion_from, rolled_back_at and tags.

    Raises RegistryUnreachable.
    """
    with asking() as client:
        # Aliases do not come with a search, but with each version.
        each = [client.get_model_version(name, one.version) for one in versions_of(client, name)]
    rows = [
        {
            "version": int(one.version),
            "aliases": sorted(one.aliases),
            FROM: one.tags.get(FROM),
            UNTIL: one.tags.get(UNTIL),
            "tags": dict(one.tags),
        }
        for one in each
    ]
    return sorted(rows, key=lambda row: row["version"])
