"""The thirty faults of the year, as one table: what happens, how it shows, what mends it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from . import injections as do

KINDS = ("data", "code", "model", "infrastructure", "people")
CURES = {
    "mend the feed": "the till's team mends what it sends",
    "roll back the release": "the checkout of last week goes live again",
    "roll back the model": "the champion of the registry goes live again",
    "retrain": "a new model learns from what is known today, and has to pass the gate",
    "clear the disk": "old logs go, and are rotated again",
    "restart the service": "all nodes start afresh",
    "add workers": "twice as many workers answer",
    "renew the certificate": "a new certificate, and the job that renews it",
    "rebuild the feature store": "the nightly job runs again",
    "mend the alert path": "alarms reach the one on call again",
    "see the investigators": "Amara finds people, and teaches the new ones",
    "import the labels again": "the bank's file is read in afresh",
    "restore the settings": "what stands in the repository is put live",
}
LOUD, SILENT, LONG = 6, 30, 60  # days after which somebody stumbles upon it


@dataclass(frozen=True)
class Fault:
    """One fault. A fault sits in one part of the shop, as a function put at one step.

    kind: one of KINDS. story: what has happened. trace: where it shows in what is measured.
    detection: the alert rules that see it, of which one is enough. cure: one of CURES. step: the
    step of the shop that it changes, does: how. lasts: days until somebody stumbles upon it, if
    nobody looks.
    """

    name: str
    kind: str
    story: str
    trace: str
    detection: tuple[str, ...]
    cure: str
    step: str
    does: Callable
    lasts: int = SILENT


def _faults(kind: str, *rows: tuple) -> tuple[Fault, ...]:
    return tuple(Fault(row[0], kind, *row[1:]) for row in rows)


FAULTS = (
    *_faults(
        "data",
        ("schema change", "After an update the tills send amounts in cents.",
         "median amount a hundred times as high", ("amounts",),
         "mend the feed", "feed", do.amounts_in_cents),
        ("doubled batch", "Three payments in ten are delivered twice.",
         "the same payment twice", ("duplicates",),
         "mend the feed", "feed", do.delivered_twice),
        ("missing amounts", "Four amounts in ten arrive empty.",
         "share of empty fields", ("nulls",),
         "mend the feed", "feed", do.amounts_missing),
        ("clock skew", "The tills' clocks are six hours ahead.",
         "stamp minus moment of arrival", ("clock",),
         "mend the feed", "feed", do.clock_ahead),
        ("silent tills", "A third of the tills take cards without asking the service.",
         "tills that paid last week and are silent today", ("silent tills",),
         "mend the feed", "feed", do.tills_silent),
        ("lost customers", "A join upstream gives four payments in ten to customer 0.",
         "share of the most frequent customer", ("one customer",),
         "mend the feed", "feed", do.customers_lost),
    ),
    *_faults(
        "code",
        ("bad deploy", "A release answers three requests in ten with an error.",
         "share of errors", ("errors", "canary errors"),
         "roll back the release", "service", do.errors, LOUD),
        ("silent default", "A parser takes 0 for every amount from 100 on.",
         "amounts of 0 behind the parser", ("zeros",),
         "roll back the release", "parse", do.large_is_zero),
        ("wrong mean", "Feature code divides a mean by its count once more.",
         "features logged against features made again", ("skew",),
         "roll back the release", "features", do.divided_twice),
        ("swapped columns", "Two features change places on their way to the model.",
         "features logged against features made again", ("skew",),
         "roll back the release", "features", do.columns_swapped),
        ("wrong order", "A sort is turned round: people get the least suspicious payments.",
         "scores of the held payments against those of the rest", ("held scores",),
         "roll back the release", "worth", do.lowest_first),
        ("forgotten features", "A rename: the tills' features count as 0.",
         "features logged against features made again", ("skew",),
         "roll back the release", "features", do.risk_forgotten),
    ),
    *_faults(
        "model",
        ("leaked label", "The training set knows the label; offline the model looks superb.",
         "money saved on days kept apart", ("gate", "finds"),
         "roll back the model", "candidate", do.label_leaks),
        ("poisoned labels", "Somebody has tampered with the labels of the training set.",
         "money saved on days kept apart", ("gate", "finds"),
         "roll back the model", "candidate", do.labels_poisoned),
        ("too few rows", "A wrong date: the model is trained on half a day.",
         "money saved on days kept apart", ("gate", "finds"),
         "roll back the model", "candidate", do.few_rows),
        ("rounded scores", "An export packs scores into steps of a quarter.",
         "known requests answered otherwise", ("golden",),
         "roll back the model", "scores", do.rounded),
        ("wrong file", "The very first model is mounted in place of the champion.",
         "known requests answered otherwise", ("golden",),
         "roll back the model", "scores", do.old_file),
        ("new thieves", "Stolen cards pay ten small amounts within an hour of the night.",
         "chargebacks a week, weeks later; customers' payments a night", ("chargebacks",),
         "retrain", "world", do.thieves_change, LONG),
    ),
    *_faults(
        "infrastructure",
        ("full disk", "Logs are no longer rotated; when the disk is full, payments fail.",
         "share of the disk in use", ("disk", "errors"),
         "clear the disk", "disk", do.disk_fills, 14),
        ("memory leak", "Each day takes memory and gives none back; then nodes die.",
         "share of memory in use", ("memory", "errors"),
         "restart the service", "process", do.memory_leaks, 14),
        ("slow neighbour", "Another team's job takes the processors; tills give up waiting.",
         "99th percentile of the time to answer", ("latency",),
         "add workers", "workers", do.slow_neighbour, LOUD),
        ("expired certificate", "The certificate is not renewed; then no till can connect.",
         "days that the certificate is still good", ("certificate",),
         "renew the certificate", "certificate", do.certificate_ends, 10),
        ("stuck features", "The nightly job of the feature store has stopped.",
         "age of the feature store", ("freshness",),
         "rebuild the feature store", "refresh", do.not_refreshed),
        ("lost node", "Half of the nodes cannot reach the model, and approve.",
         "payments without a score", ("unscored",),
         "restart the service", "answer", do.node_lost),
    ),
    *_faults(
        "people",
        ("broken alert", "Somebody has muted the alarms, for a test, last Friday.",
         "the alarm that always rings does not", ("heartbeat",),
         "mend the alert path", "alarms", do.alarms_muted),
        ("half a desk", "Three in four investigators are ill.",
         "held payments that nobody looked into", ("backlog",),
         "see the investigators", "desk", do.half_a_desk),
        ("cleared by mistake", "A new colleague clears payments that are fraud.",
         "a second pair of eyes on some of the reviews", ("second look",),
         "see the investigators", "verdict", do.marked_genuine),
        ("no label file", "The bank's chargebacks are not read in any more.",
         "labels that came by file in a week", ("label file",),
         "import the labels again", "labels", do.no_file),
        ("upside-down file", "In the bank's file fraud and genuine have changed places.",
         "share of fraud in the bank's file", ("label share",),
         "import the labels again", "labels", do.upside_down),
        ("setting by hand", "Somebody has set the number of reviews to four, and forgot.",
         "settings live against settings in the repository", ("settings",),
         "restore the settings", "reviews", do.five_reviews),
    ),
)  # fmt: skip
BY_NAME = {fault.name: fault for fault in FAULTS}
# What a cure takes the faults out of: parts by the name of their step.
REACH = {
    "mend the feed": ("feed",),
    "roll back the release": ("service", "parse", "features", "worth"),
    "roll back the model": ("candidate", "scores"),
    "retrain": (),
    "clear the disk": ("disk",),
    "restart the service": ("process", "answer"),
    "add workers": ("workers",),
    "renew the certificate": ("certificate",),
    "rebuild the feature store": ("refresh",),
    "mend the alert path": ("alarms",),
    "see the investigators": ("desk", "verdict"),
    "import the labels again": ("labels",),
    "restore the settings": ("reviews",),
}
