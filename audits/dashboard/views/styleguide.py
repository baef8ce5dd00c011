"""Every token and component on one page, for whoever builds pages. Only with DEBUG."""

from __future__ import annotations

import re
from pathlib import Path

from django.contrib.auth.decorators import login_not_required
from django.contrib.staticfiles import finders
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from audits.audit.tell import cards, sending
from audits.dashboard import specimens

COLOURS = (
    ("paper", "sheet", "sunk", "ink", "soft", "line", "edge"),
    ("lake", "lake-deep", "lake-wash", "on-lake"),
    ("lamp", "lamp-wash", "lamp-line", "lamp-glow", "moss", "dusk"),
)
PRINT = "print.css"
SPACES = tuple(f"s{number}" for number in range(1, 9))


def icons() -> list[str]:
    """Every drawing that the sprite holds."""
    path = finders.find("icons.svg")
    return re.findall(r'<symbol id="([a-z-]+)"', Path(path).read_text(encoding="utf-8")) if path else []


def sheets() -> list[str]:
    """Every component's style sheet but that of paper, which base.html links for paper alone."""
    folder = finders.find("css/components")
    names = sorted(path.name for path in Path(folder).glob("*.css")) if folder else []
    return [f"css/components/{name}" for name in names if name != PRINT]


@login_not_required
@require_safe
def styleguide(request: HttpRequest) -> HttpResponse:
    shown = {
        "colours": COLOURS,
        "spaces": SPACES,
        "icons": icons(),
        "sheets": sheets(),
        "specimens": specimens,
        "myths": cards.beliefs().common[:2],
        "sending": sending.before_sending(["pressed"]),
    }
    return render(request, "dashboard/styleguide.html", shown)
