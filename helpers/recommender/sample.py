"""The sample under datasets/, made anew: `python -m helpers.recommender.sample`."""

import hashlib
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from .world import World

FOLDER = Path(__file__).resolve().parents[2] / "datasets"
NAME = "visits_sample.parquet"
WORLD = World(shoppers=500, products=200, days=56)  # January and February 2019


def write_sample(path: Path) -> pd.DataFrame:
    """Write the sample as Parquet, the same bytes with the same pyarrow, and return it."""
    import pyarrow as pa
    import pyarrow.parquet as pq

    sample = WORLD.impressions()
    # The last digits of a sum differ from machine to machine; six of them are enough.
    sample["propensity"] = _six_digits(sample["propensity"].to_numpy())
    # pandas' metadata would carry the version of pandas into the file.
    table = pa.Table.from_pandas(sample, preserve_index=False).replace_schema_metadata(None)
    pq.write_table(
        table,
        path,
        version="2.6",
        compression="zstd",
        compression_level=9,
        row_group_size=len(sample),
        use_dictionary=["user_id", "slot", "value"],
        column_encoding={
            "time": "DELTA_BINARY_PACKED",
            "item_id": "BYTE_STREAM_SPLIT",
            "propensity": "BYTE_STREAM_SPLIT",
            "clicked": "PLAIN",
        },
        store_schema=False,
    )
    return sample


def _six_digits(values: np.ndarray) -> np.ndarray:
    return np.array([float(f"{value:.6g}") for value in values])


def write_checksum(name: str, folder: Path) -> str:
    """Put the file's SHA-256 into checksums.txt, as `sha256sum` writes it, and return it."""
    digest = hashlib.sha256((folder / name).read_bytes()).hexdigest()
    list_of = folder / "checksums.txt"
    lines = list_of.read_text().splitlines() if list_of.exists() else []
    others = [line for line in lines if line.split(maxsplit=1)[1:] != [name]]
    lines = sorted([*others, f"{digest}  {name}"], key=lambda line: line.split()[1])
    list_of.write_text("\n".join(lines) + "\n")
    return digest


def main() -> int:
    """Write the sample and its checksum into datasets/, and say so."""
    FOLDER.mkdir(exist_ok=True)
    sample = write_sample(FOLDER / NAME)
    digest = write_checksum(NAME, FOLDER)
    size = (FOLDER / NAME).stat().st_size
    print(f"{NAME}: {len(sample):,} impressions, {size / 1e6:.2f} MB, sha256 {digest}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
