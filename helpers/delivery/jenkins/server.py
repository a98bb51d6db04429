"""The same pipeline on a real Jenkins server: the job made there, built, its log streamed.

The job is a Multibranch Pipeline: for each branch that holds a Jenkinsfile Jenkins keeps a job and
sets BRANCH_NAME, which `when { branch 'main' }` asks for. In a plain Pipeline job that condition
is never true. It speaks the documented REST interface by way of api4jenkins, and is tested against
those documented answers; it has not met a live server yet.

Sources: "Remote Access API", https://www.jenkins.io/doc/book/using/remote-access-api/, and
"Branches and Pull Requests", https://www.jenkins.io/doc/book/pipeline/multibranch/.
"""

from __future__ import annotations

import codecs
import os
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any
from urllib.parse import quote
from xml.etree import ElementTree
from xml.sax.saxutils import escape

from .connection import Address, ServerError, connected
from .result import Build, StageResult

if TYPE_CHECKING:
    from api4jenkins import Jenkins

JOB = "checkout"
EVERY = 1.0  # seconds between two questions to the server
SETTLED = 10.0  # seconds after which a finished scan is the one that was asked for

_MULTIBRANCH = """<?xml version='1.1' encoding='UTF-8'?>
<org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject>
  <sources class="jenkins.branch.MultiBranchProject$BranchSourceList">
    <data>
      <jenkins.branch.BranchSource>
        <source class="jenkins.plugins.git.GitSCMSource">
          <id>{job}</id>
          <remote>{remote}</remote>
          <traits><jenkins.plugins.git.traits.BranchDiscoveryTrait/></traits>
        </source>
        <strategy class="jenkins.branch.DefaultBranchPropertyStrategy">
          <properties class="java.util.Arrays$ArrayList">
            <a class="jenkins.branch.BranchProperty-array">
              <jenkins.branch.NoTriggerBranchProperty/>
            </a>
          </properties>
        </strategy>
      </jenkins.branch.BranchSource>
    </data>
  </sources>
  <factory class="org.jenkinsci.plugins.workflow.multibranch.WorkflowBranchProjectFactory">
    <scriptPath>Jenkinsfile</scriptPath>
  </factory>
</org.jenkinsci.plugins.workflow.multibranch.WorkflowMultiBranchProject>
"""


def build_on_server(
    server: Address,
    repository: Path,
    branch: str = "main",
    *,
    job: str = JOB,
    remote: str | None = None,
    parameters: Mapping[str, object] | None = None,
    limit: float = 600.0,
    say: Callable[[str], None] = print,
) -> Build:
    """Build a branch of a repository on a Jenkins server; its log is streamed.

    job: the Multibranch Pipeline, which is made where there is none. remote: the repository's
    address as the server reaches it (JENKINS_REPOSITORY, or else the folder itself, for a server
    that sees this machine's files). What is built is what is committed there. limit: seconds.

    A failed build is a result, not an error. Raises ServerError for a server that does not answer,
    a wrong token, a missing right, another job of that name, a branch that Jenkins does not find,
    and where the time is up.
    """
    remote = remote or os.environ.get("JENKINS_REPOSITORY") or repository.resolve().as_uri()
    clock = _Clock(limit)
    with connected(server) as jenkins:
        multibranch = _job(jenkins, job, remote, say)
        multibranch.scan()
        found = _branch(multibranch, branch, clock)
        if parameters and not found.get_parameters():
            say("Jenkins reads the parameters from the file at the first build; this is it.")
            _followed(jenkins, found.build(), clock, say)
        return _followed(jenkins, found.build(**(parameters or {})), clock, say)


class _Clock:
    """The time that is left."""

    def __init__(self, limit: float) -> None:
        self.limit, self.begun = limit, time.monotonic()

    @property
    def seconds(self) -> float:
        """How long it has been running."""
        return time.monotonic() - self.begun

    def wait(self, for_what: str) -> None:
        """Wait a moment. Raises ServerError where the time is up."""
        if self.seconds + EVERY > self.limit:
            raise ServerError(f"After {self.limit:g} seconds Jenkins still has not {for_what}.")
        time.sleep(EVERY)


def _job(jenkins: Jenkins, name: str, remote: str, say: Callable[[str], None]) -> Any:
    """The multibranch job of this name, made where there is none.

    Raises ServerError where the name is taken by a job of another kind or repository.
    """
    found = jenkins.get_job(name)
    if found is None:
        jenkins.create_job(name, _MULTIBRANCH.format(job=escape(name), remote=escape(remote)))
        say(f"Made the Multibranch Pipeline {name} for {remote}")
        return jenkins.get_job(name)
    its = ElementTree.fromstring(found.configure()).findtext(".//source/remote")
    if its != remote:
        raise ServerError(
            f"There is a job {name} already, and it builds {its or 'no git repository'}, not "
            f"{remote}. Take another name, or set JENKINS_REPOSITORY to what that job builds."
        )
    return found


def _branch(multibranch: Any, branch: str, clock: _Clock) -> Any:
    """The job of one branch, once Jenkins has looked through the repository."""
    from api4jenkins.exceptions import ItemNotFoundError

    while True:
        # Jenkins writes a branch's name as it stands in an address: a%2Fb for a/b.
        if found := multibranch.get(quote(branch, safe="")):
            return found
        try:
            scan = list(multibranch.get_scan_log())
        except ItemNotFoundError:  # it has not begun
            scan = []
        # At first the log may still be that of an earlier scan.
        if clock.seconds > SETTLED and scan and scan[-1].startswith("Finished:"):
            last = "\n".join(scan[-5:])
            raise ServerError(f"Jenkins found no branch {branch} with a Jenkinsfile:\n{last}")
        clock.wait(f"found the branch {branch}")


def _followed(jenkins: Jenkins, item: Any, clock: _Clock, say: Callable[[str], None]) -> Build:
    """Wait in the queue, stream the log, and give what came of the build."""
    from api4jenkins.build import WorkflowRun

    while not (waiting := item.api_json()).get("executable"):
        if waiting.get("cancelled"):
            raise ServerError("The build was cancelled while it waited in the queue.")
        clock.wait(f"begun the build ({waiting.get('why') or 'it waits in the queue'})")
    run = WorkflowRun(jenkins, waiting["executable"]["url"])
    say(f"Build: {run.url}")
    lines = []
    for line in _log(run, clock):
        lines.append(line)
        say(line)
    while (ended := run.api_json(tree="result,building"))["building"] or not ended["result"]:
        clock.wait("ended the build")
    error = next((line for line in lines if line.startswith("ERROR")), "")
    return Build(ended["result"], _stages(run), log="\n".join(lines), error=error)


def _log(run: Any, clock: _Clock) -> Iterator[str]:
    """The lines of the log as they come.

    api4jenkins' own loop asks for ever where a build ends without another word.
    """
    start, rest, decoder = "0", "", codecs.getincrementaldecoder("utf-8")("replace")
    while True:
        answer = run.handle_req("GET", "logText/progressiveText", params={"start": start})
        start = answer.headers.get("X-Text-Size", start)
        *whole, rest = (rest + decoder.decode(answer.content)).split("\n")
        yield from (line.rstrip("\r") for line in whole)
        if answer.headers.get("X-More-Data") != "true":
            break
        clock.wait("ended the build")
    if rest:
        yield rest


def _stages(run: Any) -> list[StageResult]:
    """The stages, where the plugin Pipeline: REST API is there to tell them."""
    from api4jenkins.exceptions import ItemNotFoundError

    try:
        found = run.handle_req("GET", "wfapi/describe").json()["stages"]
    except ItemNotFoundError:
        return []
    names = {"FAILED": "FAILURE", "NOT_EXECUTED": "SKIPPED"}
    return [
        StageResult(
            one["name"], names.get(one["status"], one["status"]), one["durationMillis"] / 1000
        )
        for one in found
    ]
