"""Settings, urls, processes and wiring: the only place that knows everything."""
