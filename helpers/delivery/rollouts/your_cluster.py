"""The learner's own cluster: used only where they say its name, and never otherwise."""

from __future__ import annotations

from helpers.programs import ProgramMissing, run


def own_cluster(name: str = "") -> str:
    """The context of a real cluster, or "" where none is to be touched; says why.

    name: the context that you mean, typed by you. Without it nothing is read, not even your
    kubeconfig. With it, it has to be the current context, and its API server has to answer.
    """
    if not name:
        print("You named no cluster, so none is looked for and none is touched.")
        return ""
    try:
        asked = run("kubectl", "config", "current-context", check=False, quiet=True)
    except ProgramMissing as error:
        print(error)
        return ""
    current = asked.output.strip() if asked.code == 0 else "none"
    if name != current:
        print(f"Your current context is {current}, and you named {name}: nothing is touched.")
        return ""
    probe = ("get", "--raw", "/readyz", "--request-timeout", "5s")
    ready = run("kubectl", "--context", name, *probe, check=False, quiet=True, limit=20)
    if ready.code:
        print(f"The cluster {name} does not answer: {ready.output.strip().splitlines()[-1]}")
        return ""
    print(f"The cluster {name} answers.")
    return name
