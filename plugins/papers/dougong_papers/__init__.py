"""A record on paper: a form to be filed as PDF, a printed list, a label with a QR code; a plugin like any other."""
