"""One way to Google: one place for addresses, transport, tokens, retries, faults; one module a source."""
