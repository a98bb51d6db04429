import pytest

from checkout.pricing import Item, Voucher, VoucherRefused, price, subtotal

MILK = Item("oat-milk", 199, 3)
BREAD = Item("bread", 350)


def test_lines_add_up():
    assert subtotal([MILK, BREAD]) == 947
    assert subtotal([]) == 0


def test_a_percentage_is_taken_from_the_subtotal():
    voucher = Voucher("TENTH", "percent", 10)
    assert price([Item("tea", 500, 2)], voucher).total_cents == 900


def test_an_amount_never_pays_out():
    assert price([BREAD], Voucher("FIVER", "amount", 500)).total_cents == 0


def test_a_voucher_needs_its_minimum():
    voucher = Voucher("FIVER", "amount", 500, minimum_cents=948)
    with pytest.raises(VoucherRefused, match="948 cents or more"):
        price([MILK, BREAD], voucher)
    assert price([MILK, BREAD, Item("bag", 1)], voucher).total_cents == 448
