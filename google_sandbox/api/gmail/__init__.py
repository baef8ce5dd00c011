"""Gmail v1: Google's own mails in a mailbox, and its settings. No mail has a body here."""
