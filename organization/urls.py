"""Paths of people, units and the company; and of signing in."""

from django.urls import path

from . import views

app_name = "organization"
urlpatterns = [
    path("sign-in/", views.sign_in, name="sign_in"),
    path("sign-out/", views.sign_out, name="sign_out"),
    path("forgotten/", views.forgotten, name="forgotten"),
    path("reset/<uidb64>/<token>/", views.reset, name="reset"),
    path("accept/<uidb64>/<token>/", views.accept, name="accept"),
    path("setup/company/", views.set_up_company, name="set_up_company"),
    path("setup/<token>/", views.set_up, name="set_up"),
    path("people/", views.people, name="people"),
    path("people/invite/", views.invite, name="invite"),
    path("people/<uuid:pk>/", views.person, name="person"),
    path("people/<uuid:pk>/invite-again/", views.invite_again, name="invite_again"),
    path("people/<uuid:pk>/deactivate/", views.deactivate, name="deactivate"),
    path("people/<uuid:pk>/take-back/", views.take_back, name="take_back"),
    path("people/<uuid:pk>/away/", views.away, name="away_of"),
    path("units/", views.units, name="units"),
    path("units/<int:pk>/", views.unit, name="unit"),
    path("units/<int:pk>/close/", views.close, name="close"),
    path("units/<int:pk>/closures/<uuid:closure>/open-again/", views.open_again, name="open_again"),
    path("company/", views.company, name="company"),
    path("company/test-mail/", views.test_mail, name="test_mail"),
    path("watch/", views.watched, name="watch"),
    path("watch/quiet-periods/", views.quiet_periods, name="quiet_periods"),
    path("watch/quiet-periods/<uuid:pk>/end/", views.end_quiet_period, name="end_quiet_period"),
    path("watch/<str:which>/", views.watched, name="watched"),
    path("watch/<str:which>/end/", views.end_names, name="end_names"),
    path("preferences/", views.preferences, name="preferences"),
    path("preferences/away/", views.away, name="away"),
    path("absences/<uuid:absence>/end/", views.end_absence, name="end_absence"),
    path("preferences/consent/", views.consent, name="consent"),
    path("password/", views.password, name="password"),
    path("notices/", views.notices, name="notices"),
]
