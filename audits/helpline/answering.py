"""What the desk's views ask of a request, and how they answer a form."""

from __future__ import annotations

from typing import TypeVar

from django.db.models import Model, QuerySet
from django.http import HttpRequest, HttpResponseRedirect
from django.shortcuts import resolve_url

from audits.audit.tell.shapes import Page

ROWS_A_PAGE = 25
M = TypeVar("M", bound=Model)


def page_of(request: HttpRequest) -> int:
    """The wanted page of a list, from 1. What is no number is the first page."""
    wanted = request.GET.get("page", "")
    return max(int(wanted), 1) if wanted.isascii() and wanted.isdecimal() and len(wanted) < 7 else 1


def paged(rows: QuerySet[M], wanted: int) -> tuple[list[M], Page]:
    """The rows of one page, and which it is; behind the last page stands the last. Two queries."""
    total = rows.count()
    count = max(1, -(-total // ROWS_A_PAGE))
    number = min(wanted, count)
    found = list(rows[(number - 1) * ROWS_A_PAGE : number * ROWS_A_PAGE])
    return found, Page(number=number, count=count, total=total)


def see_other(name: str, *arguments: object) -> HttpResponseRedirect:
    """After a form: 303 to the page that shows what came of it."""
    response = HttpResponseRedirect(resolve_url(name, *arguments))
    response.status_code = 303
    return response
