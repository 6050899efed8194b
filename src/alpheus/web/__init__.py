"""The pages a person sees: listener and office. Views translate and call one verb."""
