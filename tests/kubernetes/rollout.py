"""A rolling update as its watch told it: in which order, and within which bounds."""


def order(changes: list[dict]) -> list[str]:
    """How many replicas each ReplicaSet was told to have, in order: "new 1", "old 2"...

    What was there before the update is "old", what began with it "new".
    """
    names, asked, steps = {}, {}, []
    for change in changes:
        one = change["object"]
        uid, replicas = one["metadata"]["uid"], one["spec"]["replicas"]
        if replicas:
            names.setdefault(uid, len(names))
        if asked.get(uid, 0) != replicas:
            steps.append((uid, replicas))
        asked[uid] = replicas
    first = next(iter(names), None)
    return [f"{'old' if uid == first else 'new'} {n}" for uid, n in steps]


def bounds(changes: list[dict]) -> dict[str, int]:
    """The most pods that were there at once, and the fewest that were ready once it had begun.

    A pod that is being ended counts neither as there nor as ready: so Kubernetes counts them.
    """
    pods, counts = {}, []
    for change in changes:
        meta = change["object"]["metadata"]
        pods[meta["uid"]] = change["object"]
        if change["type"] == "DELETED" or meta.get("deletionTimestamp"):
            del pods[meta["uid"]]
        if change["type"] != "LISTED":
            counts.append((len(pods), sum(map(_ready, pods.values()))))
    there, ready = zip(*counts, strict=True) if counts else ((0,), (0,))
    return {"most pods": max(there), "fewest ready": min(ready)}


def _ready(pod: dict) -> bool:
    conditions = pod.get("status", {}).get("conditions", [])
    return any(one["type"] == "Ready" and one["status"] == "True" for one in conditions)
