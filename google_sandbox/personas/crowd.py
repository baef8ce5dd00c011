"""A thousand people who hold little, made when they are asked for: `p0000@crowd.test` to `p1999@crowd.test`.

They are not in the account chooser. Each has a few shared files, some apps and some mails of Google's, as many have.
"""

import re
from typing import Any

Json = dict[str, Any]

MOST = 2_000
_ADDRESS = re.compile(r"p(\d{4})@crowd\.test")

_DRIVE: Json = {
    "storage": {"limit": 16106127360, "usage": 4299227607, "usageInDrive": 1288490188, "usageInDriveTrash": 1048576},
    "folders": ["Papers"],
    "people": {
        "friend": {"email": "friend@mail.test", "name": "A Friend"},
        "former": {"email": "former@mail.test", "name": "Former Flatmate"},
    },
    "apps": [{"name": "Sketchboard"}, {"name": "Backup Buddy", "drive_wide": True}],
    "files": [
        {"names": ["Notes", "Plans", "Reading list", "Ideas"], "type": "doc"},
        {"names": ["Lease.pdf", "Insurance.pdf", "Payslip.pdf"], "type": "pdf", "in": "Papers"},
        {"names": ["Cat.jpg", "Tree.jpg", "Lake.jpg"], "type": "photo", "camera": "Pixel 8"},
        {"name": "Party.jpg", "type": "photo", "camera": "Pixel 8", "gps": [51.5, -0.12], "link": "reader"},
        {"name": "Trip plan", "type": "doc", "link": "reader"},
        {"names": ["Shopping", "Rota"], "type": "sheet", "shared": {"friend": "writer"}},
        {"name": "Old flat", "type": "doc", "shared": {"former": "reader", "friend": "reader"}},
        {"name": "Blurred.jpg", "type": "photo", "camera": "Pixel 8", "trashed": True},
    ],
}
_MAILBOX: Json = {
    "mails": [
        {"days_ago": days, "subject": "Security alert", "line": "A new sign-in on Linux. We noticed a new sign-in."}
        for days in (3, 40, 90, 200, 400)
    ],
    "filters": [{"criteria": {"from": "receipts@shop.test"}, "action": {"removeLabelIds": ["INBOX"]}}],
}


def person(email: str) -> Json | None:
    """The words of a persona, or None when nobody of the crowd has this address."""
    found = _ADDRESS.fullmatch(email)
    number = int(found[1]) if found else MOST
    if number >= MOST:
        return None
    account = {
        "email": email,
        "sub": f"12{number:019d}",
        "given_name": f"Person {number}",
        "family_name": "Crowd",
        "summary": "One of many, for measuring.",
    }
    return {"account": account, "drive": _DRIVE, "mailbox": _MAILBOX}
