"""Every token and component on one page, for whoever builds pages. Only with DEBUG."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.dashboard import specimens

COLOURS = (
    ("paper", "sheet", "sunk", "ink", "soft", "line", "edge"),
    ("lake", "lake-deep", "lake-wash", "on-lake"),
    ("lamp", "lamp-wash", "lamp-line", "lamp-glow", "moss", "dusk"),
)
SHEETS = tuple(
    f"css/components/{name}.css"
    for name in ("form", "choice", "facts", "item", "ladder", "before", "steps", "pager", "days", "way", "styleguide")
)
SPACES = tuple(f"s{number}" for number in range(1, 9))


def icons() -> list[str]:
    """Every drawing that the sprite holds."""
    path = finders.find("icons.svg")
    return re.findall(r'<symbol id="([a-z-]+)"', Path(path).read_text(encoding="utf-8")) if path else []


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    shown = {"colours": COLOURS, "spaces": SPACES, "icons": icons(), "specimens": specimens, "sheets": SHEETS}
    return render(request, "dashboard/styleguide.html", shown)
