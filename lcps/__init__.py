"""LCPS: the project, and the centre itself."""

from lcps.celery import app as celery_app

__all__ = ["celery_app"]
