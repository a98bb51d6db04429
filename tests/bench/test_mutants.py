"""How long it takes to make the mutants of a function, and to run a suite on all of them."""

from helpers.delivery.killing import survivors
from helpers.delivery.mutants import mutants
from helpers.exercises import find
from helpers.exercises.of_12_mutants import FEE


def test_mutants_of_a_function(benchmark):
    assert len(benchmark(mutants, FEE)) > 30


def test_a_suite_on_all_mutants_of_a_function(benchmark):
    exercise = find("12.4")
    assert benchmark(survivors, FEE, exercise.run(exercise.solution)) == []
