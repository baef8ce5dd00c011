"""What guards every request: who asks, how often, what a browser may keep, and what a log may hold."""
