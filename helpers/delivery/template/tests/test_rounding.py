from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from checkout.pricing import percentage


def test_half_a_cent_goes_to_the_customer():
    assert percentage(50, 5) == 3  # 2.5 cents


@given(cents=st.integers(0, 10**9), percent=st.integers(1, 100))
def test_a_percentage_is_never_more_than_half_a_cent_off(cents, percent):
    error = percentage(cents, percent) - Fraction(cents * percent, 100)
    assert Fraction(-1, 2) < error <= Fraction(1, 2)
