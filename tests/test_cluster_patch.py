"""Strategic merge and server-side apply, held against the rules that the schema states.

Whatever manifests come: which lists merge, and by which key, is Kubernetes' own schema's to say.
"""

import copy

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from helpers.cluster import apply, schema
from helpers.cluster.errors import ApiError
from helpers.cluster.fields import from_v1, owned, to_v1
from helpers.cluster.patch import MERGE, STRATEGIC, patched
from helpers.cluster.resources import DEPLOYMENTS, PODS

WANTED = schema.of(DEPLOYMENTS)
MERGES, KEY = "x-kubernetes-patch-strategy", "x-kubernetes-patch-merge-key"

words = st.sampled_from(["a", "b", "c"])
pairs = st.dictionaries(words, words, max_size=3)


def some(**fields):
    """An object with some of these fields."""
    return st.fixed_dictionaries({}, optional=fields)


def named(key, keys, **fields):
    """A list of objects that differ in `key`, as a list that merges by that key has to be."""
    one = st.builds(lambda name, rest: {**rest, key: name}, st.sampled_from(keys), some(**fields))
    return st.lists(one, max_size=3, unique_by=lambda found: found[key])


containers = named(
    "name",
    ["web", "side", "more"],
    image=words,
    args=st.lists(words, max_size=2),
    env=named("name", ["A", "B", "C"], value=words),
    ports=named("containerPort", [80, 81], protocol=st.just("TCP"), name=words),
    resources=some(limits=pairs),
)
specs = some(
    containers=containers,
    nodeSelector=pairs,
    tolerations=st.lists(some(key=words, value=words), max_size=2),
    volumes=named("name", ["v", "w"], emptyDir=some(medium=words)),
    restartPolicy=words,
)
manifests = st.builds(
    lambda labels, finalizers, replicas, spec: {
        "metadata": {"name": "web", "labels": labels, "finalizers": finalizers},
        "spec": {"replicas": replicas, "template": {"spec": spec}},
    },
    pairs,
    st.lists(words, max_size=3, unique=True),
    st.integers(0, 3),
    specs,
)


def merge(obj, patch):
    return patched(obj, patch, STRATEGIC, WANTED)


def spec_of(obj):
    return obj["spec"]["template"]["spec"]


def by_name(obj, field="containers"):
    return {one["name"]: one for one in spec_of(obj).get(field) or []}


@settings(max_examples=40)
@given(manifests, manifests)
def test_a_strategic_merge_is_what_it_says_and_leaves_its_input_alone(obj, patch):
    before = copy.deepcopy((obj, patch))
    result = merge(obj, patch)
    assert (obj, patch) == before
    assert merge(obj, {}) == obj
    assert merge(result, patch) == result, "a second time changes nothing"
    assert result["metadata"]["labels"] == {
        **obj["metadata"]["labels"],
        **patch["metadata"]["labels"],
    }
    assert result["spec"]["replicas"] == patch["spec"]["replicas"]
    for field in ("tolerations", "restartPolicy"):  # no merge key in the schema: replaced whole
        assert spec_of(result).get(field) == spec_of(patch).get(field, spec_of(obj).get(field))


@settings(max_examples=40)
@given(manifests, manifests)
def test_containers_merge_by_name_and_inside_them_variables_do(obj, patch):
    old, new, result = (by_name(one) for one in (obj, patch, merge(obj, patch)))
    assert list(result) == [*old, *(name for name in new if name not in old)]
    for name, one in result.items():
        if name not in new:
            assert one == old[name]
            continue
        mine, theirs = new[name], old.get(name, {})
        assert one.get("args") == mine.get("args", theirs.get("args")), "a plain list is replaced"
        values = [
            {variable["name"]: variable.get("value") for variable in each.get("env") or []}
            for each in (theirs, mine, one)
        ]
        assert values[2].keys() == values[0].keys() | values[1].keys()
        given_values = {key: value for key, value in values[1].items() if value is not None}
        assert given_values.items() <= values[2].items()


@settings(max_examples=40)
@given(manifests, st.sampled_from(["web", "side", "more"]))
def test_a_container_is_deleted_by_name(obj, name):
    patch = {"spec": {"template": {"spec": {"containers": [{"name": name, "$patch": "delete"}]}}}}
    left = by_name(merge(obj, patch))
    assert left == {key: one for key, one in by_name(obj).items() if key != name}


@settings(max_examples=40)
@given(manifests, manifests, st.permutations(["web", "side", "more"]))
def test_an_order_that_the_patch_names_is_kept(obj, patch, order):
    directive = {"$setElementOrder/containers": [{"name": name} for name in order]}
    patch["spec"]["template"]["spec"] |= directive
    found = by_name(merge(obj, patch))
    assert list(found) == [name for name in order if name in found]


@settings(max_examples=40)
@given(manifests, manifests)
def test_null_and_replace_take_away(obj, other):
    gone = merge(obj, {"metadata": {"labels": None}, "spec": {"template": {"spec": None}}})
    assert "labels" not in gone["metadata"] and "spec" not in gone["spec"]["template"]
    whole = {"spec": {"template": {"spec": {"$patch": "replace", **spec_of(other)}}}}
    assert spec_of(merge(obj, whole)) == spec_of(other)


@settings(max_examples=40)
@given(manifests, manifests)
def test_a_merge_patch_knows_no_keys(obj, patch):
    result = patched(obj, patch, MERGE, WANTED)
    mine = spec_of(patch).get("containers", spec_of(obj).get("containers"))
    assert spec_of(result).get("containers") == mine


def lists_that_merge():
    """Each list of a Deployment that the schema says merges by a key: its schema, and the key."""
    found, seen, left = {}, set(), [WANTED]
    while left:
        one = schema.resolved(left.pop())
        if id(one) in seen:
            continue
        seen.add(id(one))
        for name, field in one.get("properties", {}).items():
            if "merge" in field.get(MERGES, "") and KEY in field:
                found[f"{name} by {field[KEY]}"] = (name, field[KEY], one)
            left += [field, schema.items(field)]
    return found


@pytest.mark.parametrize("which", lists_that_merge())
def test_every_list_with_a_merge_key_merges_by_it(which):
    name, key, holder = lists_that_merge()[which]
    obj = {name: [{key: "one", "kept": 1}, {key: "two"}]}
    result = patched(obj, {name: [{key: "three"}, {key: "one", "new": 2}]}, STRATEGIC, holder)
    assert result[name] == [{key: "one", "kept": 1, "new": 2}, {key: "two"}, {key: "three"}]


def test_the_lists_that_merge_are_those_one_knows():
    known = {"containers by name", "env by name", "ports by containerPort", "volumes by name",
             "volumeMounts by mountPath", "initContainers by name"}  # fmt: skip
    assert known <= lists_that_merge().keys() and len(lists_that_merge()) > 8


def applied(live, manifest, manager="me", force=False):
    if live is None:
        return apply.new_object(DEPLOYMENTS, manifest, manager)
    return apply.applied(DEPLOYMENTS, live, manifest, manager, force)


def bare(obj):
    """The object without managedFields, lists by their keys: what it says, in any order."""
    return {path: value for path, value in owned(obj, DEPLOYMENTS).items() if value not in ({}, [])}


def fields_of(obj, manager):
    entries = [one for one in obj["metadata"]["managedFields"] if one["manager"] == manager]
    return {path for one in entries for path in from_v1(one["fieldsV1"])}


@settings(max_examples=40)
@given(manifests)
def test_who_applies_owns_what_it_names_and_a_second_time_changes_nothing(manifest):
    live = applied(None, manifest)
    assert fields_of(live, "me") == owned(manifest, DEPLOYMENTS).keys()
    assert applied(live, manifest) == live
    paths = fields_of(live, "me")
    assert from_v1(to_v1(paths)) == paths


@settings(max_examples=100)
@given(manifests, manifests)
def test_what_is_no_longer_named_goes(first, second):
    assert bare(applied(applied(None, first), second)) == bare(applied(None, second))


@settings(max_examples=100)
@given(manifests, manifests)
def test_two_who_disagree_conflict_and_two_who_agree_share(mine, theirs):
    live = applied(None, mine, "me")
    own, other = owned(mine, DEPLOYMENTS), owned(theirs, DEPLOYMENTS)
    contested = {path for path in own.keys() & other.keys() if own[path] != other[path]}
    if contested:
        with pytest.raises(ApiError, match="Apply failed with") as refused:
            applied(live, theirs, "other")
        assert refused.value.code == 409 and '"me"' in refused.value.message
        assert len(refused.value.details["causes"]) == len(contested)
        return
    both = applied(live, theirs, "other")
    assert fields_of(both, "me") == own.keys() and fields_of(both, "other") == other.keys()
    assert bare(both) == {**bare(mine), **bare(theirs)}


@settings(max_examples=100)
@given(manifests, manifests)
def test_who_forces_takes_what_is_contested_and_nothing_else(mine, theirs):
    live = applied(applied(None, mine, "me"), theirs, "other", force=True)
    own, other = owned(mine, DEPLOYMENTS), owned(theirs, DEPLOYMENTS)
    contested = {path for path in own.keys() & other.keys() if own[path] != other[path]}
    assert fields_of(live, "other") == other.keys()
    assert fields_of(live, "me") == own.keys() - contested
    assert bare(theirs).items() <= bare(live).items()


def test_what_another_owns_too_stays_when_one_lets_go():
    pod = {"metadata": {"name": "p", "labels": {"a": "1", "b": "1"}}}
    live = apply.new_object(PODS, pod, "me")
    live = apply.applied(
        PODS, live, {"metadata": {"name": "p", "labels": {"a": "1"}}}, "other", False
    )
    live = apply.applied(PODS, live, {"metadata": {"name": "p"}}, "me", False)
    assert live["metadata"]["labels"] == {"a": "1"}
