"""What lesson 24 teaches holds: its functions agree with helpers, its opening with its end."""

from helpers.payments.features import COLUMNS


def test_no_feature_says_who_somebody_is():
    assert not [name for name in COLUMNS if "id" in name.split("_")]
