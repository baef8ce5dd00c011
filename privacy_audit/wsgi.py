"""The WSGI door."""

import os

from django.core.wsgi import get_wsgi_application

from privacy_audit.reviewed_words import refuse_broken_words

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "privacy_audit.settings")
application = get_wsgi_application()
refuse_broken_words()
