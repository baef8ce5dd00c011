"""Which page of a list a request asks for."""

from __future__ import annotations

from django.http import HttpRequest

LAST_PAGE = 100_000


def page_of(request: HttpRequest) -> int:
    """The wanted page of a list, from 1. What is no number is the first page; a list knows its own last one."""
    wanted = request.GET.get("page", "") or request.POST.get("page", "")
    if not (wanted.isascii() and wanted.isdecimal() and len(wanted) < 7):
        return 1
    return min(max(int(wanted), 1), LAST_PAGE)
