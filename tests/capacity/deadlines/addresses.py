from django.http import HttpResponse
from django.urls import include, path


def page(request, **_):
    return HttpResponse()


capacity = (
    [
        path("sites/<site>/report", page, name="report"),
        path("regions/<region>", page, name="region"),
    ],
    "capacity",
)
urlpatterns = [path("board", page, name="national-board"), path("capacity/", include(capacity))]
