"""What of Gmail is played."""

from google_sandbox.api.base import Api

from .messages import ENDPOINTS as MESSAGES
from .settings import ENDPOINTS as SETTINGS

API = Api("gmail.v1", "gmail.googleapis.com", {**MESSAGES, **SETTINGS})
