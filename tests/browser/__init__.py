PATIENCE = 30_000  # milliseconds to wait for what must come: other work may run beside the browser
