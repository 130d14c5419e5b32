"""The hands-free client: it speaks, keeps time, listens."""
