"""Drive v3: the table of what is played."""

from google_sandbox.api.base import Api

from . import about, apps, changes, files, permissions

API = Api(
    "drive.v3",
    "drive.googleapis.com",
    {
        **about.ENDPOINTS,
        **apps.ENDPOINTS,
        **changes.ENDPOINTS,
        **files.ENDPOINTS,
        **permissions.ENDPOINTS,
    },
)
