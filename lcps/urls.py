"""Every address. Each has a row in lcps.policy."""

from django.urls import include, path
from django.views.i18n import set_language

from lcps import live, views
from lcps.demonstration import views as demonstration
from lcps.home import views as home
from lcps.logbook import logbook
from lcps.sign_in import RemoveKeyView, SignInView

urlpatterns = [
    path("", home.home, name="home"),
    path("tasks/count", home.task_count, name="task-count"),
    path("board", home.national_board, name="national-board"),
    path("search", home.search, name="search"),
    path("messages", home.inbox, name="messages"),
    path("logbook", logbook, name="logbook"),
    path("role", views.switch_role, name="switch-role"),
    path("language", set_language, name="set_language"),
    path("live", live.stream, name="live"),
    path("gallery", views.gallery, name="gallery"),
    path("notices", views.notices, name="notices"),
    path("accessibility", views.accessibility, name="accessibility"),
    path("healthz", views.healthz, name="healthz"),
    path("readyz", views.readyz, name="readyz"),
    path("demo/clock", demonstration.move_clock, name="demo-clock"),
    path("demo/sign-in", demonstration.sign_in, name="demo-sign-in"),
    path("demo/mail", demonstration.mail, name="demo-mail"),
    path("accounts/login/", SignInView.as_view(), name="account_login"),
    path(
        "accounts/2fa/webauthn/keys/<int:pk>/remove/",
        RemoveKeyView.as_view(),
        name="mfa_remove_webauthn",
    ),
    path("accounts/", include("allauth.urls")),
    path("capacity/", include("capacity.urls")),
    path("transfers/", include("transfers.urls")),
    path("api/v1/", include("lcps.api_urls")),
]

handler400 = "lcps.errors.bad_request"
handler403 = "lcps.errors.forbidden"
handler404 = "lcps.errors.not_found"
handler500 = "lcps.errors.broken"
