"""Many interactions at once, for measuring: what shoppers found by themselves."""

from __future__ import annotations

import numpy as np
import pandas as pd

from .streams import stream
from .tastes import liking

DAY = 86_400  # seconds
AT_ONCE = 2_000_000  # cells of shoppers times products that are drawn together: some 30 MB


def histories(world, each: int) -> pd.DataFrame:
    """`each` different products for every shopper, more likely the better liked and better known.

    A draw without replacement: the largest of log-weights with Gumbel noise. Columns: user_id and
    item_id (int32), time (datetime64[us]), value (1), in order of user_id.

    Raises ValueError where there are fewer products than that.
    """
    if not 1 <= each <= world.products:
        raise ValueError(f"each must lie between 1 and {world.products} products, not {each!r}")
    rng, products, shoppers = stream(world.seed, "histories"), world.of_products, world.of_shoppers
    known = np.log(products.prominence).astype(np.float32)
    item = np.empty((world.shoppers, each), dtype=np.int32)
    step = max(1, AT_ONCE // world.products)
    for begin in range(0, world.shoppers, step):
        who = slice(begin, begin + step)
        odds = liking(shoppers, products, who) + known
        odds -= np.log(rng.standard_exponential(odds.shape, dtype=np.float32) + 1e-30)
        item[who] = np.argpartition(-odds, each - 1, axis=1)[:, :each]
    second = rng.integers(0, world.days * DAY, item.size, dtype=np.int32)
    return pd.DataFrame(
        {
            "user_id": np.repeat(np.arange(world.shoppers, dtype=np.int32), each),
            "item_id": item.ravel(),
            "time": (world.first_day.astype("datetime64[s]") + second).astype("datetime64[us]"),
            "value": np.float32(1),
        },
        copy=False,
    )
