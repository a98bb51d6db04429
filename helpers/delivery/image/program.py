"""The smallest thing a container can run: a Linux program of 150 bytes that prints a text.

It needs no library, no shell and no base image, so an image that holds nothing else runs.
Source: the ELF-64 object file format, and Linux's system calls write (1) and exit (60) on x86-64.
"""

from __future__ import annotations

import struct

_BASE, _HEADERS = 0x400000, 64 + 56


def printing(text: str) -> bytes:
    """A program for Linux on x86-64 that prints the text and ends with exit code 0."""
    said = text.encode()
    code = b"\xb8\x01\0\0\0\xbf\x01\0\0\0"  # eax = write, edi = standard output
    code += b"\x48\x8d\x35" + struct.pack("<i", 16)  # rsi = the text, which follows the code
    code += b"\xba" + struct.pack("<I", len(said)) + b"\x0f\x05"  # edx = its length; call
    code += b"\xb8\x3c\0\0\0\x31\xff\x0f\x05"  # eax = exit, edi = 0; call
    size = _HEADERS + len(code) + len(said)
    return _header() + _segment(size) + code + said


def _header() -> bytes:
    ident = b"\x7fELF\x02\x01\x01" + bytes(9)
    fields = (2, 62, 1, _BASE + _HEADERS, 64, 0, 0, 64, 56, 1, 0, 0, 0)
    return ident + struct.pack("<HHIQQQIHHHHHH", *fields)


def _segment(size: int) -> bytes:
    readable_and_executable = 5
    return struct.pack("<IIQQQQQQ", 1, readable_and_executable, 0, _BASE, _BASE, size, size, 0x1000)
