"""A container image made and taken apart by hand: files, digests, and nothing else."""

from helpers.delivery.image.bill import bill_of_materials
from helpers.delivery.image.building import built_and_run
from helpers.delivery.image.dockerfile import Instruction, instructions, rebuilt
from helpers.delivery.image.engine import try_in_docker
from helpers.delivery.image.layers import Layer, layer
from helpers.delivery.image.layout import Image, archive, write
from helpers.delivery.image.linting import linted
from helpers.delivery.image.program import printing
from helpers.delivery.image.reading import Found, Stored, faults, layers_with, read, visible

__all__ = [
    "Found",
    "Image",
    "Instruction",
    "Layer",
    "Stored",
    "archive",
    "bill_of_materials",
    "built_and_run",
    "faults",
    "instructions",
    "layer",
    "layers_with",
    "linted",
    "printing",
    "read",
    "rebuilt",
    "try_in_docker",
    "visible",
    "write",
]
