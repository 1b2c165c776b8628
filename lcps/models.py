"""Gathers the tables of this package's rooms."""

from lcps.cache import CacheEntry
from lcps.clock import BusinessClock

__all__ = ["BusinessClock", "CacheEntry"]
