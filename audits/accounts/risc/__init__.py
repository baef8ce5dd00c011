"""Cross-Account Protection: what Google tells us, unasked, about the accounts that are connected here.

Google posts a signed token (a security event token, RFC 8417) to one address of ours. It is believed only when it is
signed with Google's key and meant for one of our OAuth clients, stored once, and acted on in the same transaction.
https://developers.google.com/identity/protocols/risc
"""
