"""Lesson 11: git in a team. Its exercises act on real repositories."""

from __future__ import annotations

from helpers.exercises.base import Lesson
from helpers.exercises.of_11_commit import COMMIT
from helpers.exercises.of_11_conflict import CONFLICT
from helpers.exercises.of_11_order import ORDER
from helpers.exercises.of_11_undo import UNDO

LESSON = Lesson("11", (COMMIT, ORDER, CONFLICT, UNDO))
