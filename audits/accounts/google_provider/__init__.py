"""Our own provider for django-allauth, over its Google provider. Why: docs/architecture.md, "Sign-in"."""
