"""More time to correct: asked for by whoever is responsible, decided up the line."""
