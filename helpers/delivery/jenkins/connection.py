"""A connection to a Jenkins server, in which each way to fail says what to do about it."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from api4jenkins import Jenkins


class ServerError(RuntimeError):
    """The server cannot be reached or refuses; the message says what to do about it."""


@dataclass(frozen=True)
class Address:
    """Where a Jenkins is, and who asks. token: an API token, made on the user's page there."""

    url: str
    user: str
    token: str

    def __repr__(self) -> str:
        return f"Address({self.url!r}, {self.user!r}, token=****)"


def address() -> Address | None:
    """The server that JENKINS_URL, JENKINS_USER and JENKINS_TOKEN name, if all three are set."""
    found = [os.environ.get(f"JENKINS_{name}", "") for name in ("URL", "USER", "TOKEN")]
    return Address(*found) if all(found) else None


@contextmanager
def connected(server: Address) -> Iterator[Jenkins]:
    """A connection, closed at the end. Each way to fail becomes a ServerError with a remedy."""
    import httpx
    from api4jenkins import Jenkins
    from api4jenkins.exceptions import AuthenticationError, BadRequestError, ItemNotFoundError

    client = Jenkins(
        server.url, auth=(server.user, server.token), timeout=30.0, follow_redirects=False
    )
    try:
        yield client
    except AuthenticationError as error:
        raise ServerError(
            f"Jenkins at {server.url} does not know user {server.user!r} with this token (401). "
            "Make an API token on the user's page there, under Security, and set JENKINS_TOKEN."
        ) from error
    except PermissionError as error:
        raise ServerError(
            f"User {server.user!r} may not do this on {server.url} (403): it takes the rights to "
            "create, configure, read and build jobs."
        ) from error
    except ItemNotFoundError as error:
        raise ServerError(
            f"{error}. Is JENKINS_URL the address of Jenkins' first page, and are the plugins "
            "Pipeline and Git installed?"
        ) from error
    except BadRequestError as error:
        raise ServerError(f"Jenkins refused: {error}") from error
    except httpx.HTTPStatusError as error:
        raise ServerError(f"Jenkins at {server.url} has a fault of its own: {error}") from error
    except httpx.HTTPError as error:
        raise ServerError(f"No Jenkins answers at {server.url}: {error}") from error
    finally:
        client.http_client.close()
