"""The kinds of file the personas own, by a short name."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    mime: str
    page: str
    extension: str | None = None
    size: int = 0
    picture: bool = False

    @property
    def native(self) -> bool:
        """Made in Google's own editors: no content of its own to download."""
        return self.mime.startswith("application/vnd.google-apps.")


DOCS = "https://docs.google.com"
DRIVE = "https://drive.google.com"

KINDS = {
    "doc": Kind("application/vnd.google-apps.document", f"{DOCS}/document/d/{{id}}/edit", size=24_576),
    "sheet": Kind("application/vnd.google-apps.spreadsheet", f"{DOCS}/spreadsheets/d/{{id}}/edit", size=18_432),
    "slides": Kind("application/vnd.google-apps.presentation", f"{DOCS}/presentation/d/{{id}}/edit", size=90_112),
    "form": Kind("application/vnd.google-apps.form", f"{DOCS}/forms/d/{{id}}/edit"),
    "folder": Kind("application/vnd.google-apps.folder", f"{DRIVE}/drive/folders/{{id}}"),
    "shortcut": Kind("application/vnd.google-apps.shortcut", f"{DRIVE}/file/d/{{id}}/view"),
    "photo": Kind("image/jpeg", f"{DRIVE}/file/d/{{id}}/view", "jpg", 3_481_022, picture=True),
    "png": Kind("image/png", f"{DRIVE}/file/d/{{id}}/view", "png", 912_340, picture=True),
    "heic": Kind("image/heif", f"{DRIVE}/file/d/{{id}}/view", "heic", 2_104_881, picture=True),
    "video": Kind("video/mp4", f"{DRIVE}/file/d/{{id}}/view", "mp4", 48_302_114),
    "pdf": Kind("application/pdf", f"{DRIVE}/file/d/{{id}}/view", "pdf", 240_118),
    "text": Kind("text/plain", f"{DRIVE}/file/d/{{id}}/view", "txt", 4_120),
    "zip": Kind("application/zip", f"{DRIVE}/file/d/{{id}}/view", "zip", 18_220_031),
}
FOLDER = KINDS["folder"].mime
