"""Gathers the tables of this package's rooms."""

from lcps.clock import BusinessClock

__all__ = ["BusinessClock"]
