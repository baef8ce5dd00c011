"""Our own provider for django-allauth, over its Google provider.

allauth brings the state of a trip, PKCE and the sign-in itself. Everything that must not be left to it is ours: what
is asked (trips.py), the exchange of the code, the check of the ID token, and what is kept of it, which is a keyed hash.
"""
