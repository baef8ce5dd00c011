"""The door is closed by default: what a view does not say, it does not open."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from django.http import Http404, HttpRequest, HttpResponse
from django.test import RequestFactory

from audits.helpline import door
from audits.helpline.urls import urlpatterns
from audits.models import HelperRole
from tests.helpline import cast

OPEN = None


def view(request: HttpRequest) -> HttpResponse:
    return HttpResponse("inside")


def copy() -> Callable[[HttpRequest], HttpResponse]:
    return lambda request: view(request)


SAYS: dict[str, Callable[[], Any]] = {
    "nothing": copy,
    "for all": lambda: door.for_all(copy()),
    "before second factor": lambda: door.before_second_factor(copy()),
    "for leads": lambda: door.for_roles(HelperRole.LEAD)(copy()),
    "for every role": lambda: door.for_roles(*door.EVERY_ROLE)(copy()),
    "for no role": lambda: door.for_roles()(copy()),
}
# By what the view says: nobody, hana with a password alone, and with a second factor hana, lena, omar.
TABLE: dict[str, tuple[Any, ...]] = {
    "nothing": ("/desk/", "/desk/second/", OPEN, 404, 404),
    "for all": (OPEN, OPEN, OPEN, OPEN, OPEN),
    "before second factor": ("/desk/", OPEN, OPEN, OPEN, OPEN),
    "for leads": ("/desk/", "/desk/second/", 404, OPEN, 404),
    "for every role": ("/desk/", "/desk/second/", OPEN, OPEN, OPEN),
    "for no role": ("/desk/", "/desk/second/", 404, 404, 404),
}


@pytest.mark.parametrize("says", TABLE)
def test_who_comes_in(crew, rf: RequestFactory, says: str) -> None:
    clients = [None, cast.desk_client(crew.hana, second=False)]
    clients += [cast.desk_client(helper) for helper in (crew.hana, crew.lena, crew.omar)]
    found: list[Any] = []
    for client in clients:
        request = rf.get("/desk/somewhere/")
        request.session = cast.store_of(client) if client else {}
        try:
            answer = door.Door(view).process_view(request, SAYS[says](), (), {})
        except Http404:
            found.append(404)
        else:
            found.append(OPEN if answer is None else answer["Location"])
    assert tuple(found) == TABLE[says]


def test_the_door_stands_at_the_desk_alone(rf: RequestFactory) -> None:
    request = rf.get("/overview/")
    assert door.Door(view).process_view(request, view, (), {}) is None
    with pytest.raises(TypeError):
        door.helper_of(request)


def test_every_view_of_the_desk_that_is_open_is_one_we_meant() -> None:
    """What is open to all, or before a second factor, is this and nothing more."""
    opened = {name.name for name in urlpatterns if getattr(name.callback, "desk_for_all", False)}
    first = {name.name for name in urlpatterns if getattr(name.callback, "desk_before_second_factor", False)}
    assert opened == {"desk-sign-in", "desk-exit", "desk-invitation"}
    assert first == {"desk-sign-out", "desk-second", "desk-second-ask", "desk-factor", "desk-factor-ask"}
