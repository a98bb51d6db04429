"""What two runs, or two servers, may say differently without meaning anything by it, taken out."""

import re
from collections.abc import Mapping

MADE = "[0-9a-z]"  # what a server makes names of
RULES = [
    # kubectl's own log: a watch that it closed itself, when its --timeout was over.
    (r"^[IWE]\d{4} [\d:.]+ .*\breflector\.go:\d+\].*\n?", ""),
    (r"\(combined from similar events\): ", ""),
    (r"\b(checkout|worker|pair|quick)-" + MADE + r"{6,10}-" + MADE + r"{5}\b", r"\1-<hash>-<id>"),
    (r"\b(checkout|worker|pair|quick)-" + MADE + r"{6,10}(?![-\w])", r"\1-<hash>"),
    (r"\b(report|broken|once|sums)-" + MADE + r"{5}(?![-\w])", r"\1-<id>"),
    (r"\b(checkout|worker|pair|quick)-" + MADE + r"{6,10}-(?!\w)", r"\1-<hash>-"),
    (r"(pod-template-hash\"?[=:] ?)\"?" + MADE + r"{6,10}\b\"?", r"\1<hash>"),
    (r"\b[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}\b", "<uid>"),
    (r"\b\d{4}-\d\d-\d\dT[\d:.]+Z", "<time>"),
    (r"\w{3}, \d\d \w{3} \d{4} [\d:]+ [+-]\d{4}", "<time>"),
    (r"https?://(127\.0\.0\.1|localhost):\d+", "<server>"),
    (r"\b\d+\.\d+\.\d+\.\d+\b(/\d+)?", "<ip>"),
    (r"(resourceVersion\"?: ?)\"?\d+\"?", r"\1<version>"),
    (r"(?<=[\s(])(\d+(\.\d+)?(ms|[dhms]))+(?=[\s),]|$)", "<age>"),
    (r"(docker|containerd|process)://\w+|\b[0-9a-f]{64}\b", "<container>"),
    (
        r"(Invalid|Unsupported) value: (\w+\.\w+|map\[|\[|\{).*[}\])]: ",
        r"\1 value: <object>: ",
    ),
    (r"\b3[0-2]\d{3}\b", "<nodeport>"),
    (r"/tmp/[^\s\"]+", "<file>"),
    (r"[ \t]{2,}|\t", "  "),
    (r"[ \t]+$", ""),
]
COMPILED = [(re.compile(pattern, re.M), to) for pattern, to in RULES]
LEFT_OUT = {
    *("uid", "resourceVersion", "creationTimestamp", "time", "startTime", "startedAt"),
    *("lastTransitionTime", "lastUpdateTime", "lastProbeTime", "finishedAt", "completionTime"),
    *("containerID", "imageID", "podIP", "podIPs", "hostIP", "hostIPs"),
}


def text(said: str, names: Mapping[str, str]) -> str:
    """A program's output, or any string of an object. names: what to call this server's own."""
    for name, call in names.items():
        said = re.sub(rf"(?<![-\w]){re.escape(name)}(?![-\w])", call, said)
    for pattern, to in COMPILED:
        said = pattern.sub(to, said)
    return said


def value(of, names: Mapping[str, str]):
    """An object, or a part of one, in the API's JSON form."""
    if isinstance(of, dict):
        kept = {key: value(one, names) for key, one in of.items() if key not in LEFT_OUT}
        if "pod-template-hash" in kept:
            kept["pod-template-hash"] = "<hash>"
        return kept
    if isinstance(of, list):
        return [value(one, names) for one in of]
    return text(of, names) if isinstance(of, str) else of
