"""The scopes that our looks ask for, as full addresses."""

_ROOT = "https://www.googleapis.com/auth/"

DRIVE_APPS = _ROOT + "drive.apps.readonly"
DRIVE_METADATA = _ROOT + "drive.metadata.readonly"
DRIVE_APPDATA = _ROOT + "drive.appdata"
DIRECTORY_USER = _ROOT + "admin.directory.user.readonly"
DIRECTORY_SECURITY = _ROOT + "admin.directory.user.security"
