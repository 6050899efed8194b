"""A real folder of tagged files becomes a catalogue; run again, it notices what changed."""
