"""Plain HTML pages, escaped by construction, without scripts."""

from importlib.resources import files

from markupsafe import Markup

from google_sandbox.reply import Reply

STYLE_PATH = "/__sandbox__/style.css"
POLICY = "default-src 'none'; style-src 'self'; base-uri 'none'; frame-ancestors 'none'"
FRAME = Markup(
    '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
    '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
    '<title>{title} – practice page</title>\n<link rel="stylesheet" href="{style}">\n</head>\n<body>\n'
    '<header class="practice"><p><strong>Practice page.</strong> This is a stand-in, not Google. '
    "The accounts are made up.</p></header>\n<main>\n<h1>{title}</h1>\n{body}\n</main>\n</body>\n</html>\n"
)


def page(title: str, body: Markup, status: int = 200) -> Reply:
    text = FRAME.format(title=title, style=STYLE_PATH, body=body)
    reply = Reply(text, status=status, content_type="text/html; charset=utf-8")
    reply.headers["Content-Security-Policy"] = POLICY
    # Nothing to other sites, but a form of ours still says where it comes from.
    reply.headers["Referrer-Policy"] = "same-origin"
    reply.headers["Cache-Control"] = "no-store"
    return reply


def style() -> Reply:
    text = (files(__package__) / "style.css").read_bytes()
    return Reply(text, content_type="text/css; charset=utf-8")


def joined(pieces: list[Markup]) -> Markup:
    return Markup("\n").join(pieces)
