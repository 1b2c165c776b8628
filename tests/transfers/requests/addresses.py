"""Where a request is looked at, and where its steps are taken."""

from django.urls import reverse


def page(request, name="request"):
    return reverse(f"transfers:{name}", kwargs={"number": request.number})


def step(request, name):
    return reverse("transfers:step", kwargs={"number": request.number, "step": name})
