"""One module per page: read the request, ask a room, render."""
