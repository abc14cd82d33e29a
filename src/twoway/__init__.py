"""Twoway: the open, self-hosted home for mentoring programmes."""

from importlib.metadata import PackageNotFoundError, version

try:
    __version__ = version("twoway")
except PackageNotFoundError:  # run from a checkout that was never installed
    __version__ = ""
