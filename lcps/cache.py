"""The table behind Django's cache: used codes of second factors and counted guesses, for minutes."""

from django.db import models


class CacheEntry(models.Model):
    """As `manage.py createcachetable` would make it, but by a migration. Only Django's cache writes here."""

    cache_key = models.CharField(primary_key=True, max_length=255)
    value = models.TextField()
    expires = models.DateTimeField(db_index=True)

    class Meta:
        app_label = "lcps"
        db_table = "lcps_cache"

    def __str__(self) -> str:
        return self.cache_key
