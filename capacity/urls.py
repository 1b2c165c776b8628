"""Addresses of this package; each has a row in lcps.policy."""


app_name = "capacity"
urlpatterns = []
